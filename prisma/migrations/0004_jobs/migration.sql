-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "slots" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);


--- From here on by hand: what the Prisma schema cannot say.

-- What workers watch: the next deadline among jobs that are not finished.
CREATE INDEX job_open_deadline ON job (deadline) WHERE status IN ('QUEUED', 'RUNNING') AND deadline IS NOT NULL;

-- A worker that sleeps until the next deadline hears of an earlier one.
CREATE FUNCTION wake_deadline_watchers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vitrine', 'deadlines');
  RETURN NULL;
END $$;
CREATE TRIGGER job_deadline_wakes AFTER INSERT ON job FOR EACH ROW WHEN (NEW.deadline IS NOT NULL)
  EXECUTE FUNCTION wake_deadline_watchers();
