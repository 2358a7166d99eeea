-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "recipe" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "learned" JSONB;

-- CreateTable
CREATE TABLE "model_transition" (
    "id" UUID NOT NULL,
    "model_version_id" UUID NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "person_id" UUID,
    "reason" TEXT NOT NULL,
    "replaced_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_transition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shadow_answer" (
    "request_id" UUID NOT NULL,
    "model_version_id" UUID NOT NULL,
    "items" UUID[],
    "live_items" UUID[],
    "overlap" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "shadow_answer_pkey" PRIMARY KEY ("request_id")
);

-- CreateIndex
CREATE INDEX "model_transition_model_version_id_at_idx" ON "model_transition"("model_version_id", "at");

-- CreateIndex
CREATE INDEX "shadow_answer_model_version_id_at_idx" ON "shadow_answer"("model_version_id", "at");

-- AddForeignKey
ALTER TABLE "model_transition" ADD CONSTRAINT "model_transition_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_transition" ADD CONSTRAINT "model_transition_replaced_id_fkey" FOREIGN KEY ("replaced_id") REFERENCES "model_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_transition" ADD CONSTRAINT "model_transition_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shadow_answer" ADD CONSTRAINT "shadow_answer_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "served_request"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shadow_answer" ADD CONSTRAINT "shadow_answer_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;


--- From here on by hand: what the Prisma schema cannot say.

--- One model answers in the shadow per role and catalogue, whatever bugs do.
CREATE UNIQUE INDEX model_version_shadow ON model_version (role, coalesce(catalogue_id, '00000000-0000-0000-0000-000000000000'))
  WHERE state = 'SHADOW';
--- Clicks that followed an answer are found by its request; most imported events have none.
CREATE INDEX event_request ON event (request_id) WHERE request_id IS NOT NULL;

ALTER TABLE model_transition ADD CONSTRAINT model_transition_states
  CHECK ("from" IN ('CANDIDATE', 'SHADOW', 'LIVE', 'RETIRED') AND "to" IN ('CANDIDATE', 'SHADOW', 'LIVE', 'RETIRED'));
ALTER TABLE model_transition ADD CONSTRAINT model_transition_actor CHECK (actor IN ('TRAINING', 'OPERATOR', 'COMMAND'));

--- Until now only a promotion moved a model, each retiring the one before it: that history is written down, so that
--- the models of older installations can be rolled back too.
WITH promoted AS (
  SELECT id, state, trained_at,
         lag(id) OVER steps AS replaced, lead(trained_at) OVER steps AS until
    FROM model_version WHERE state IN ('LIVE', 'RETIRED')
  WINDOW steps AS (PARTITION BY role, catalogue_id ORDER BY state = 'LIVE', trained_at, id)
)
INSERT INTO model_transition (id, model_version_id, "from", "to", actor, reason, replaced_id, at)
SELECT gen_random_uuid(), id, 'CANDIDATE', 'LIVE', 'TRAINING', 'promoted before the registry kept a history', replaced, trained_at
  FROM promoted
UNION ALL
SELECT gen_random_uuid(), id, 'LIVE', 'RETIRED', 'TRAINING', 'replaced before the registry kept a history', NULL,
       coalesce(until, trained_at)
  FROM promoted WHERE state = 'RETIRED';
