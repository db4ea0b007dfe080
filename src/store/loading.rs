//! Loading cases: batched reads of everything a decision starts from.

use super::cases::Cases;
use super::error::{StoreError, readable};
use super::row::Row;
use super::sets::ROWS;
use super::statement::Statement;
use super::tables::complaints::{CaseRow, Loaded, RelatedRow};
use super::tables::deadlines::DeadlineRow;
use super::tables::mails::MailText;
use crate::complaint::{Case, ComplaintId, Deadline, LATER_MAIL};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

impl Cases {
    /// Loads cases with their current deadlines and what they are linked to. Unknown ids are left out, and so
    /// is what cannot be read: it stays due, and the log says so.
    pub async fn load(&self, ids: &[ComplaintId]) -> Result<Vec<Case>, StoreError> {
        let mut cases = Vec::with_capacity(ids.len());
        for set in ids.chunks(ROWS) {
            cases.extend(self.load_set(set).await?);
        }
        Ok(cases)
    }

    async fn load_set(&self, ids: &[ComplaintId]) -> Result<Vec<Case>, StoreError> {
        let sql = format!("SELECT {} FROM complaints WHERE id IN ", CaseRow::columns());
        let these = Statement::new(sql).and_list(ids.iter().copied()).and(" ORDER BY id");
        let mut cases = Vec::with_capacity(ids.len());
        let mut old = Vec::new();
        for row in these.each::<CaseRow>(&self.0.reader).await? {
            let Some(Loaded { case, is_without_terms }) = readable(row.map(Loaded::from))? else { continue };
            if is_without_terms {
                old.push(case.id);
            }
            cases.push(case);
        }
        if !old.is_empty() {
            self.load_old_terms(&mut cases, &old).await?;
        }
        self.load_related(&mut cases).await?;
        Ok(cases)
    }

    /// Complaints written before their terms stood beside them.
    async fn load_old_terms(&self, cases: &mut [Case], ids: &[ComplaintId]) -> Result<(), StoreError> {
        let place: HashMap<ComplaintId, usize> = cases.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
        let sql = format!("SELECT {} FROM deadlines WHERE complaint_id IN ", DeadlineRow::columns());
        let current = Statement::new(sql).and_list(ids.iter().copied());
        let current = current.and(" AND is_current = 1 ORDER BY complaint_id, name");
        for row in current.all::<DeadlineRow>(&self.0.reader).await? {
            if let Some(i) = place.get(&row.complaint_id) {
                cases[*i].deadlines.push(row.into());
            }
        }
        Ok(())
    }

    async fn load_related(&self, cases: &mut Vec<Case>) -> Result<(), StoreError> {
        let linked = cases.iter().flat_map(|c| c.complaint.links.iter().map(|l| l.other));
        let linked: HashSet<ComplaintId> = linked.collect();
        let linked: Vec<ComplaintId> = linked.into_iter().collect();
        let mut found: HashMap<ComplaintId, RelatedRow> = HashMap::with_capacity(linked.len());
        let mut is_whole = true;
        for set in linked.chunks(ROWS) {
            let sql = format!("SELECT {} FROM complaints WHERE id IN ", RelatedRow::columns());
            let others = Statement::new(sql).and_list(set.iter().copied());
            for row in others.each::<RelatedRow>(&self.0.reader).await? {
                match readable(row)? {
                    Some(row) => drop(found.insert(row.id, row)),
                    None => is_whole = false,
                }
            }
        }
        if !is_whole {
            // A decision that does not see a linked complaint would be another decision.
            cases.retain(|c| c.complaint.links.iter().all(|l| found.contains_key(&l.other)));
        }
        for case in cases {
            let links = case.complaint.links.iter();
            case.related = links.filter_map(|l| Some(found.get(&l.other)?.related(l.kind))).collect();
        }
        Ok(())
    }

    /// Reads all instances of all deadlines of a complaint, oldest first.
    pub async fn deadlines(&self, id: ComplaintId) -> Result<Vec<Deadline>, StoreError> {
        let all = "FROM deadlines WHERE complaint_id = $1 ORDER BY armed_at, name, instance";
        let rows: Vec<DeadlineRow> =
            Statement::select::<DeadlineRow>(all).with(id).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(Deadline::from).collect())
    }

    /// Reads the same of many complaints; those without any are left out.
    pub async fn deadlines_of(
        &self,
        ids: &[ComplaintId],
    ) -> Result<HashMap<ComplaintId, Vec<Deadline>>, StoreError> {
        let mut found: HashMap<ComplaintId, Vec<Deadline>> = HashMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let all = Statement::select::<DeadlineRow>("FROM deadlines WHERE complaint_id IN ");
        for row in all.and_list(ids.iter().copied()).all::<DeadlineRow>(&self.0.reader).await? {
            found.entry(row.complaint_id).or_default().push(row.into());
        }
        let place = |a: &Deadline, b: &Deadline| {
            (a.armed_at, &a.name, a.instance).cmp(&(b.armed_at, &b.name, b.instance))
        };
        found.values_mut().for_each(|terms| terms.sort_by(place));
        Ok(found)
    }

    /// Reads what the complainant wrote: the subject on the first line, the first mail, and
    /// after [`LATER_MAIL`] each that followed; empty without a mail.
    pub async fn text(&self, id: ComplaintId) -> Result<String, StoreError> {
        Ok(self.texts(&[id]).await?.remove(&id).unwrap_or_default())
    }

    /// Reads the same of many complaints, in sets; those without a mail are left out.
    pub async fn texts(&self, ids: &[ComplaintId]) -> Result<HashMap<ComplaintId, String>, StoreError> {
        let mut texts = HashMap::new();
        for set in ids.chunks(ROWS) {
            let sql = format!(
                "SELECT {} FROM mails WHERE (kind IN ('complaint', 'contact') OR (kind = 'addition' AND sender = \
                 (SELECT complainant_email FROM complaints WHERE id = mails.complaint_id))) AND complaint_id IN ",
                MailText::columns()
            );
            let written = Statement::new(sql).and_list(set.iter().copied()).and(" ORDER BY id");
            for row in written.all::<MailText>(&self.0.reader).await? {
                match texts.entry(row.complaint_id) {
                    Entry::Vacant(first) => {
                        first.insert(format!("{}\n{}", row.subject, row.body));
                    }
                    Entry::Occupied(mut before) => {
                        before.get_mut().push(LATER_MAIL);
                        before.get_mut().push_str(&row.own_words());
                    }
                }
            }
        }
        Ok(texts)
    }
}
