//! `redress mail`: what was written about a complaint, with its quoted history folded; the raw mail and its
//! attachments.

use super::{Failure, Output};
use crate::app::App;
use crate::complaint::Attachment;
use crate::escape;
use crate::intake::attachment_bytes;
use crate::store::{FiledMail, MailSummary};
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Mail {
    /// K-number or intake id
    #[arg(required_unless_present = "filed", default_value = "")]
    number: String,
    /// List the mails that were filed as automatic
    #[arg(long, conflicts_with_all = ["number", "all", "attachment", "viewer"])]
    filed: bool,
    /// Show quoted history and signatures as well
    #[arg(long)]
    all: bool,
    /// Write this mail to standard output as it came in
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    raw: Option<i64>,
    /// Write the attachment with this digest to standard output; its beginning is enough
    #[arg(long, value_name = "SHA256", conflicts_with_all = ["all", "raw"])]
    attachment: Option<String>,
    /// As this person may see it
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
}

impl Mail {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let reading = app.workflow.reading();
        if self.filed {
            return self.list_filed(app, output).await;
        }
        let id = app.workflow.id_of(&self.number).await.map_err(|e| Failure::new(e.to_string()))?;
        if let (Some(viewer), Some(case)) = (&self.viewer, reading.case(id).await?)
            && !app.workflow.sees(&case.complaint, viewer, app.workflow.now().await?)
        {
            return Err(Failure::new(format!("{viewer} may not look at {}", self.number)));
        }
        let mails = reading.register().mails(id).await?;
        if let Some(wanted) = self.raw {
            let found = mails.iter().find(|m| m.id == wanted);
            let found =
                found.ok_or_else(|| Failure::usage(format!("{} has no mail {wanted}", self.number)))?;
            return output.bytes(&reading.register().raw_mail(found.id).await?.unwrap_or_default());
        }
        if let Some(digest) = &self.attachment {
            return self.write_attachment(app, &mails, digest, output).await;
        }
        if output.json {
            output.document(&mails.iter().map(|m| document(app, m)).collect::<Vec<_>>());
        } else {
            mails.iter().for_each(|m| self.print(app, m, output));
        }
        Ok(())
    }

    /// Lists what was filed as no person's, or writes one of it as it came in.
    async fn list_filed(&self, app: &App, output: &Output) -> Result<(), Failure> {
        let filed = app.workflow.reading().filed().await?;
        if let Some(wanted) = self.raw {
            let found = filed.iter().find(|mail| mail.id == wanted);
            let found =
                found.ok_or_else(|| Failure::usage(format!("no mail {wanted} was filed as automatic")))?;
            return output
                .bytes(&app.workflow.reading().register().raw_mail(found.id).await?.unwrap_or_default());
        }
        let at = |mail: &FiledMail| app.settings.calendar.rfc3339(mail.received_at);
        if output.json {
            let documents: Vec<Value> = filed
                .iter()
                .map(|m| json!({"id": m.id, "received_at": at(m), "kind": m.kind, "sender": m.sender, "subject": m.subject}))
                .collect();
            output.document(&documents);
            return Ok(());
        }
        let rows: Vec<Vec<String>> = filed
            .iter()
            .map(|m| vec![m.id.to_string(), at(m), m.kind.to_string(), m.sender.clone(), m.subject.clone()])
            .collect();
        output.table(&["mail", "received", "kind", "sender", "subject"], &rows);
        Ok(())
    }

    async fn write_attachment(
        &self,
        app: &App,
        mails: &[MailSummary],
        digest: &str,
        output: &Output,
    ) -> Result<(), Failure> {
        for mail in mails {
            let is_wanted = |a: &&Attachment| digest.len() >= 8 && a.sha256.starts_with(digest);
            let Some(found) = mail.attachments.iter().find(is_wanted) else { continue };
            let raw = app.workflow.reading().register().raw_mail(mail.id).await?;
            if let Some(bytes) = raw.and_then(|raw| attachment_bytes(&raw, &found.sha256)) {
                return output.bytes(&bytes);
            }
        }
        Err(Failure::usage(format!(
            "{} has no attachment {digest}; give 8 letters of its digest or more",
            self.number
        )))
    }

    fn print(&self, app: &App, mail: &MailSummary, output: &Output) {
        let at = app.settings.calendar.rfc3339(mail.received_at);
        let line = |text: &str| escape::line(text).into_owned();
        output.line(format!("mail {}  {at}  {}  {}", mail.id, mail.kind, line(&mail.sender)));
        output.line(format!("  {}", line(&mail.subject)));
        for remark in &mail.remarks {
            output.line(format!("  ! {}", line(remark)));
        }
        for a in &mail.attachments {
            let kind = a.sniffed.as_ref().unwrap_or(&a.kind);
            let digest: String = a.sha256.chars().take(12).collect();
            output.line(format!("  + {} ({}, {} bytes) {digest}", line(&a.name), line(kind), a.size));
        }
        let (fresh, history) = parts(mail);
        let shown = if self.all { mail.body.as_str() } else { fresh };
        output.line("");
        // Set in, so that no line of it passes for one of ours.
        escape::text(shown.trim_end()).lines().for_each(|said| output.line(format!("    {said}").trim_end()));
        output.line("");
        if !self.all && !history.trim().is_empty() {
            output
                .line(format!("  [{} lines of history folded; --all shows them]\n", history.lines().count()));
        }
    }
}

fn parts(mail: &MailSummary) -> (&str, &str) {
    let at = mail.history_at.and_then(|at| usize::try_from(at).ok()).unwrap_or(mail.body.len());
    mail.body.split_at_checked(at).unwrap_or((&mail.body, ""))
}

fn document(app: &App, mail: &MailSummary) -> Value {
    let (text, history) = parts(mail);
    json!({
        "id": mail.id, "received_at": app.settings.calendar.rfc3339(mail.received_at), "kind": mail.kind,
        "sender": mail.sender, "subject": mail.subject, "text": text, "history": history,
        "attachments": mail.attachments, "remarks": mail.remarks,
    })
}
