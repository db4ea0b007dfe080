//! A database of its own on a PostgreSQL server, for as long as it is measured.

use sqlx::{AnyConnection, Connection};

/// A database that was made, and is removed afterwards.
pub struct Postgres {
    server: String,
    name: String,
    pub url: String,
}

impl Postgres {
    pub async fn make(server: &str) -> Self {
        sqlx::any::install_default_drivers();
        let name = format!("redress_bench_{}", redress::random::hex::<6>());
        let mut connection = AnyConnection::connect(server).await.unwrap();
        sqlx::query(&format!("CREATE DATABASE {name}")).execute(&mut connection).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { server: server.to_owned(), url: format!("{base}/{name}"), name }
    }

    /// Removes it, whoever is still connected.
    pub async fn remove(self) {
        let mut connection = AnyConnection::connect(&self.server).await.unwrap();
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        sqlx::query(&sql).execute(&mut connection).await.unwrap();
    }
}
