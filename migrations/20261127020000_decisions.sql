-- What people were asked to decide, by the message that asked, newest first.

CREATE INDEX notifications_of_message ON notifications (message, at);
