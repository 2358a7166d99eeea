-- A worker with a free place for such jobs looks for the message of this one, which commits with the row.
CREATE FUNCTION wake_takers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vitrine', 'queue:' || NEW.name);
  RETURN NULL;
END $$;
CREATE TRIGGER job_wakes_takers AFTER INSERT ON job FOR EACH ROW EXECUTE FUNCTION wake_takers();

-- Workers look whether it was one of theirs: no other change of a running job's row concerns them at once.
CREATE TRIGGER job_stop_wakes AFTER UPDATE OF status ON job FOR EACH ROW
  WHEN (OLD.status = 'RUNNING' AND NEW.status IN ('CANCELED', 'EXPIRED')) EXECUTE FUNCTION wake_readers('stops');
