-- DropIndex
DROP INDEX "work_stack_id_idx";

-- CreateIndex
CREATE INDEX "work_stack_id_standing_item_id_idx" ON "work"("stack_id", "standing" DESC, "item_id" DESC);


-- From here on by hand: what the Prisma schema cannot say.

-- What the gallery gathers a rare mixture by, together with its marks. Not of public works only: two indexes that both ask for
-- visibility are never combined, because Postgres takes the second one's predicate as known already.
CREATE INDEX work_by_rating ON work (rating) WHERE rating IS NOT NULL;
CREATE INDEX work_by_model_version ON work (model_version_id) WHERE model_version_id IS NOT NULL;
