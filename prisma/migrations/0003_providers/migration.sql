-- CreateTable
CREATE TABLE "job_cost" (
    "job_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "reserved" INTEGER NOT NULL,
    "charged" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "job_cost_pkey" PRIMARY KEY ("job_id")
);

-- CreateTable
CREATE TABLE "provider_run" (
    "provider" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "job_id" UUID,
    "output_index" INTEGER,
    "news" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_run_pkey" PRIMARY KEY ("provider","run_id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "provider" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("provider","delivery_id")
);

-- CreateTable
CREATE TABLE "reference_picture" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "consent_text" TEXT NOT NULL,
    "consented_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "upload_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "stored_at" TIMESTAMPTZ(3),
    "width" INTEGER,
    "height" INTEGER,
    "ai_marked" BOOLEAN,

    CONSTRAINT "reference_picture_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "job_cost_person_id_at_idx" ON "job_cost"("person_id", "at");

-- CreateIndex
CREATE INDEX "provider_run_job_id_output_index_idx" ON "provider_run"("job_id", "output_index");

-- CreateIndex
CREATE INDEX "webhook_delivery_at_idx" ON "webhook_delivery"("at");

-- CreateIndex
CREATE INDEX "reference_picture_person_id_created_at_idx" ON "reference_picture"("person_id", "created_at");

-- AddForeignKey
ALTER TABLE "job_cost" ADD CONSTRAINT "job_cost_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_cost" ADD CONSTRAINT "job_cost_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_run" ADD CONSTRAINT "provider_run_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reference_picture" ADD CONSTRAINT "reference_picture_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


--- From here on by hand: what the Prisma schema cannot say.

ALTER TABLE job_cost ADD CONSTRAINT job_cost_sane CHECK (reserved >= 0 AND charged >= 0 AND charged <= reserved);
ALTER TABLE reference_picture ADD CONSTRAINT reference_picture_role CHECK (role IN ('SUBJECT', 'PERSON', 'GARMENT'));
ALTER TABLE reference_picture ADD CONSTRAINT reference_picture_stored
  CHECK ((stored_at IS NULL) = (width IS NULL) AND (stored_at IS NULL) = (height IS NULL));

--- A worker that waits for a run sleeps until its webhook was written.
CREATE FUNCTION wake_run_followers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vitrine', 'run:' || NEW.provider || ':' || NEW.run_id);
  RETURN NULL;
END $$;
CREATE TRIGGER provider_run_wakes AFTER INSERT OR UPDATE OF news ON provider_run
  FOR EACH ROW WHEN (NEW.news IS NOT NULL) EXECUTE FUNCTION wake_run_followers();
