-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "previous_until" TIMESTAMPTZ(3),
    "is_on" BOOLEAN NOT NULL,
    "off_reason" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outgoing_delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "event_seq" BIGINT,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "outgoing_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_endpoint_person_id_created_at_idx" ON "webhook_endpoint"("person_id", "created_at");

-- CreateIndex
CREATE INDEX "outgoing_delivery_endpoint_id_created_at_idx" ON "outgoing_delivery"("endpoint_id", "created_at");

-- CreateIndex
CREATE INDEX "outgoing_delivery_event_seq_idx" ON "outgoing_delivery"("event_seq");

-- CreateIndex
CREATE UNIQUE INDEX "outgoing_delivery_endpoint_id_event_seq_key" ON "outgoing_delivery"("endpoint_id", "event_seq");

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_delivery" ADD CONSTRAINT "outgoing_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_delivery" ADD CONSTRAINT "outgoing_delivery_event_seq_fkey" FOREIGN KEY ("event_seq") REFERENCES "job_event"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what the Prisma schema cannot say.

ALTER TABLE outgoing_delivery ADD CONSTRAINT outgoing_delivery_state CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED'));

-- What workers watch: the next delivery to try.
CREATE INDEX outgoing_delivery_next ON outgoing_delivery (next_at) WHERE next_at IS NOT NULL;

-- A delivery comes into being with its event, in one transaction. A trigger, so that no writer can forget it.
CREATE FUNCTION announce_job_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outgoing_delivery (endpoint_id, event_seq, state, next_at, created_at)
  SELECT e.id, NEW.seq, 'WAITING', NEW.at, NEW.at FROM job j JOIN webhook_endpoint e ON e.person_id = j.person_id
   WHERE j.id = NEW.job_id AND e.is_on AND NEW.kind = ANY (e.events);
  RETURN NULL;
END $$;
CREATE TRIGGER job_event_announced AFTER INSERT ON job_event FOR EACH ROW
  WHEN (NEW.kind IN ('STARTED', 'OUTPUT_READY', 'FINISHED')) EXECUTE FUNCTION announce_job_event();
CREATE TRIGGER outgoing_delivery_wakes AFTER INSERT ON outgoing_delivery FOR EACH ROW
  EXECUTE FUNCTION wake_readers('webhooks');
