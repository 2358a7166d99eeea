-- CreateTable
CREATE TABLE "catalogue" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "language" TEXT NOT NULL,

    CONSTRAINT "catalogue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item" (
    "id" UUID NOT NULL,
    "catalogue_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT,
    "topics" TEXT[],
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "origin" TEXT NOT NULL,
    "owner_id" UUID,
    "visibility" TEXT NOT NULL,
    "media_hash" TEXT,
    "available_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item_vector" (
    "item_id" UUID NOT NULL,
    "vector" REAL[],

    CONSTRAINT "item_vector_pkey" PRIMARY KEY ("item_id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "about" TEXT,
    "personalisation" BOOLEAN NOT NULL,
    "training_use" BOOLEAN NOT NULL,
    "consent_recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "client_event_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "item_id" UUID,
    "type" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "request_id" UUID,
    "position" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "facet" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "attribute" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,
    "origin" TEXT NOT NULL,
    "pinned" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "facet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "control" (
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "control_pkey" PRIMARY KEY ("person_id","kind","target")
);

-- CreateTable
CREATE TABLE "served_request" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "catalogue_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "model_version_id" UUID,
    "profiled" BOOLEAN NOT NULL,
    "degraded" TEXT,
    "history" JSONB NOT NULL,
    "entries" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "served_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "explanation" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "style" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "claims" JSONB NOT NULL,
    "grounded_share" DOUBLE PRECISION NOT NULL,
    "controls" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "explanation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "media" (
    "hash" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "blur_hash" TEXT,
    "alt" TEXT NOT NULL,
    "palette" TEXT[],
    "ai_marked" BOOLEAN NOT NULL,
    "perceptual_hash" TEXT,

    CONSTRAINT "media_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "work" (
    "item_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "settings" JSONB NOT NULL,
    "recipe_shared" BOOLEAN NOT NULL,
    "parent_id" UUID,
    "based_on" UUID[],
    "content_hash" TEXT NOT NULL,
    "model_version_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "words" TEXT NOT NULL,

    CONSTRAINT "work_pkey" PRIMARY KEY ("item_id")
);

-- CreateTable
CREATE TABLE "favourite" (
    "person_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "favourite_pkey" PRIMARY KEY ("person_id","item_id")
);

-- CreateTable
CREATE TABLE "job" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "person_id" UUID,
    "status" TEXT NOT NULL,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "payload" JSONB NOT NULL,
    "result" JSONB,
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "deadline" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_event" (
    "seq" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "output_index" INTEGER,

    CONSTRAINT "job_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "idempotency" (
    "person_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "arguments_hash" TEXT NOT NULL,
    "reference" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("person_id","operation","key")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" UUID NOT NULL,
    "catalogue_id" UUID,
    "family" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "trained_at" TIMESTAMPTZ(3) NOT NULL,
    "data_snapshot" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "card" TEXT NOT NULL,
    "metrics" JSONB NOT NULL,
    "artefact" TEXT,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_run" (
    "id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "position" JSONB NOT NULL DEFAULT '{}',
    "rows_read" INTEGER NOT NULL DEFAULT 0,
    "rows_accepted" INTEGER NOT NULL DEFAULT 0,
    "rows_rejected" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_rejection" (
    "seq" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "file" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "import_rejection_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "gallery_change" (
    "seq" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "item_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "visibility" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gallery_change_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "catalogue_key_key" ON "catalogue"("key");

-- CreateIndex
CREATE INDEX "item_catalogue_id_visibility_id_idx" ON "item"("catalogue_id", "visibility", "id");

-- CreateIndex
CREATE INDEX "item_owner_id_idx" ON "item"("owner_id");

-- CreateIndex
CREATE INDEX "item_media_hash_idx" ON "item"("media_hash");

-- CreateIndex
CREATE UNIQUE INDEX "item_catalogue_id_external_id_key" ON "item"("catalogue_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_external_id_key" ON "person"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "event_client_event_id_key" ON "event"("client_event_id");

-- CreateIndex
CREATE INDEX "event_person_id_at_id_idx" ON "event"("person_id", "at", "id");

-- CreateIndex
CREATE INDEX "event_item_id_at_idx" ON "event"("item_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "facet_person_id_attribute_value_key" ON "facet"("person_id", "attribute", "value");

-- CreateIndex
CREATE INDEX "served_request_person_id_created_at_idx" ON "served_request"("person_id", "created_at");

-- CreateIndex
CREATE INDEX "explanation_request_id_style_item_id_idx" ON "explanation"("request_id", "style", "item_id");

-- CreateIndex
CREATE INDEX "work_created_at_item_id_idx" ON "work"("created_at" DESC, "item_id" DESC);

-- CreateIndex
CREATE INDEX "work_author_id_created_at_item_id_idx" ON "work"("author_id", "created_at" DESC, "item_id" DESC);

-- CreateIndex
CREATE INDEX "work_parent_id_idx" ON "work"("parent_id");

-- CreateIndex
CREATE INDEX "work_content_hash_idx" ON "work"("content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "work_job_id_index_key" ON "work"("job_id", "index");

-- CreateIndex
CREATE INDEX "favourite_item_id_idx" ON "favourite"("item_id");

-- CreateIndex
CREATE INDEX "job_name_status_created_at_id_idx" ON "job"("name", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "job_person_id_id_idx" ON "job"("person_id", "id" DESC);

-- CreateIndex
CREATE INDEX "job_event_job_id_seq_idx" ON "job_event"("job_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "job_event_job_id_output_index_key" ON "job_event"("job_id", "output_index");

-- CreateIndex
CREATE INDEX "model_version_role_state_idx" ON "model_version"("role", "state");

-- CreateIndex
CREATE INDEX "import_run_format_source_idx" ON "import_run"("format", "source");

-- CreateIndex
CREATE INDEX "import_rejection_run_id_seq_idx" ON "import_rejection"("run_id", "seq");

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_catalogue_id_fkey" FOREIGN KEY ("catalogue_id") REFERENCES "catalogue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item_vector" ADD CONSTRAINT "item_vector_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "facet" ADD CONSTRAINT "facet_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "control" ADD CONSTRAINT "control_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "explanation" ADD CONSTRAINT "explanation_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "served_request"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work" ADD CONSTRAINT "work_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work" ADD CONSTRAINT "work_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "item"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work" ADD CONSTRAINT "work_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work" ADD CONSTRAINT "work_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "favourite" ADD CONSTRAINT "favourite_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "favourite" ADD CONSTRAINT "favourite_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_event" ADD CONSTRAINT "job_event_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_catalogue_id_fkey" FOREIGN KEY ("catalogue_id") REFERENCES "catalogue"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_rejection" ADD CONSTRAINT "import_rejection_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "import_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on by hand: what the Prisma schema cannot say.

-- Text search over the gallery. Expression indexes: queries repeat the expression word for word.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX work_words_search ON work USING gin (to_tsvector('english', words));
CREATE INDEX work_prompt_search ON work USING gin (to_tsvector('english', prompt));
CREATE INDEX work_prompt_part ON work USING gin (lower(prompt) gin_trgm_ops);

-- One live model per role and catalogue; one unfinished import per format and source.
CREATE UNIQUE INDEX model_version_live ON model_version (role, coalesce(catalogue_id, '00000000-0000-0000-0000-000000000000'))
  WHERE state = 'LIVE';
CREATE UNIQUE INDEX import_run_open ON import_run (format, source) WHERE state = 'RUNNING';

ALTER TABLE item ADD CONSTRAINT item_visibility CHECK (visibility IN ('PRIVATE', 'UNLISTED', 'PUBLIC', 'HIDDEN'));
ALTER TABLE job ADD CONSTRAINT job_status
  CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED'));
ALTER TABLE model_version ADD CONSTRAINT model_version_state
  CHECK (state IN ('CANDIDATE', 'SHADOW', 'LIVE', 'RETIRED'));

-- Readers of the event logs sleep until a commit wakes them. Triggers, so that no writer can forget it.
CREATE FUNCTION wake_job_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vitrine', 'job:' || NEW.job_id);
  RETURN NULL;
END $$;
CREATE TRIGGER job_event_wakes AFTER INSERT ON job_event FOR EACH ROW EXECUTE FUNCTION wake_job_readers();

CREATE FUNCTION wake_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vitrine', TG_ARGV[0]);
  RETURN NULL;
END $$;
CREATE TRIGGER gallery_change_wakes AFTER INSERT ON gallery_change
  FOR EACH STATEMENT EXECUTE FUNCTION wake_readers('gallery');
CREATE TRIGGER model_version_wakes AFTER INSERT OR UPDATE OF state ON model_version
  FOR EACH STATEMENT EXECUTE FUNCTION wake_readers('models');
