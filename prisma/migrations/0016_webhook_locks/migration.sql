-- An endpoint that is deleted in this moment is waited for, and left out when it has gone: without the lock its delivery would be
-- refused by the foreign key, and the event of the job with it.
CREATE OR REPLACE FUNCTION announce_job_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outgoing_delivery (endpoint_id, event_seq, state, next_at, created_at)
  SELECT e.id, NEW.seq, 'WAITING', NEW.at, NEW.at FROM job j JOIN webhook_endpoint e ON e.person_id = j.person_id
   WHERE j.id = NEW.job_id AND e.is_on AND NEW.kind = ANY (e.events)
     FOR KEY SHARE OF e;
  RETURN NULL;
END $$;
