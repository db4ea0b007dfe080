//! Closed sets of names: an enum whose members are written, stored and read back under one name each.

/// A text that stands where a name of a closed set is expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no {of}")]
pub struct UnknownName {
    /// What the set holds, in the singular: `event kind`.
    pub of: &'static str,
    pub name: String,
}

/// Defines an enum by the name of each member: `ALL`, `as_str`, `FromStr`, `Display` and serde follow from it.
macro_rules! closed_names {
    (
        $(#[$meta:meta])* $vis:vis enum $set:ident is $of:literal {
            $($(#[$doc:meta])* $member:ident = $name:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        $vis enum $set {
            $($(#[$doc])* #[serde(rename = $name)] $member),+
        }

        impl $set {
            /// Lists every member, in the order of its definition.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// Returns the name under which it is written, stored and shown to scripts.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$member => $name),+
                }
            }
        }

        impl std::str::FromStr for $set {
            type Err = $crate::complaint::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $($name => Ok(Self::$member),)+
                    _ => Err($crate::complaint::UnknownName { of: $of, name: name.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use closed_names;

#[cfg(test)]
mod test {
    use crate::complaint::{EventKind, LinkKind, Via};

    #[test]
    fn what_was_written_is_read_back() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::json!(kind), kind.as_str());
        }
        for via in Via::ALL {
            assert_eq!(via.as_str().parse(), Ok(*via));
        }
        for link in LinkKind::ALL {
            assert_eq!(link.as_str().parse(), Ok(*link));
        }
        let unknown = "Registered".parse::<EventKind>().unwrap_err();
        assert_eq!(unknown.to_string(), "`Registered` is no event kind");
    }
}
