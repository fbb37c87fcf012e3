-- When the personal data of an event was removed. Its key, name, status and times are left, so that a sender that repeats
-- it is still told "duplicate", and nobody works on it again.

ALTER TABLE relay_event ADD COLUMN erased_at TIMESTAMP(6) WITH TIME ZONE;
