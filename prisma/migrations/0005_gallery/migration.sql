-- AlterTable
ALTER TABLE "work" ADD COLUMN     "visibility" TEXT NOT NULL DEFAULT 'PRIVATE',
ADD COLUMN     "marks" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "stack_id" UUID,
ADD COLUMN     "favourite_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rating_sum" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rating_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rating" REAL,
ADD COLUMN     "standing" INTEGER NOT NULL DEFAULT 3000,
ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "visibility_before" TEXT;

-- AlterTable
ALTER TABLE "gallery_change" ADD COLUMN     "was" TEXT;

-- CreateTable
CREATE TABLE "rating" (
    "person_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "value" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rating_pkey" PRIMARY KEY ("person_id","item_id")
);

-- CreateTable
CREATE TABLE "picture_look" (
    "hash" TEXT NOT NULL,
    "look" BYTEA NOT NULL,

    CONSTRAINT "picture_look_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "collection" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB,
    "cover_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "collection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "collection_item" (
    "collection_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "collection_item_pkey" PRIMARY KEY ("collection_id","item_id")
);

-- CreateTable
CREATE TABLE "share_link" (
    "id" UUID NOT NULL,
    "collection_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "share_link_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "rating_item_id_idx" ON "rating"("item_id");

-- CreateIndex
CREATE INDEX "collection_owner_id_id_idx" ON "collection"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "collection_item_collection_id_position_idx" ON "collection_item"("collection_id", "position");

-- CreateIndex
CREATE INDEX "collection_item_item_id_idx" ON "collection_item"("item_id");

-- CreateIndex
CREATE INDEX "share_link_collection_id_idx" ON "share_link"("collection_id");

-- CreateIndex
CREATE INDEX "work_stack_id_idx" ON "work"("stack_id");

-- AddForeignKey
ALTER TABLE "rating" ADD CONSTRAINT "rating_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rating" ADD CONSTRAINT "rating_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection" ADD CONSTRAINT "collection_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_item" ADD CONSTRAINT "collection_item_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collection_item" ADD CONSTRAINT "collection_item_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "share_link" ADD CONSTRAINT "share_link_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collection"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on by hand: what the Prisma schema cannot say.

-- Arrays have no null inside Vitrine.
UPDATE work w SET visibility = i.visibility, stack_id = w.item_id,
  favourite_count = (SELECT count(*) FROM favourite f WHERE f.item_id = w.item_id),
  marks = ARRAY['kind:' || w.kind, 'provider:' || (w.settings->>'provider'), 'model:' || (w.settings->>'model'),
                'steps:' || (w.settings->>'steps'), 'guidance:' || (w.settings->>'guidance'),
                'width:' || (w.settings->>'width'), 'height:' || (w.settings->>'height')]
       || CASE WHEN w.settings->>'style' IS NULL THEN '{}' ELSE ARRAY['style:' || (w.settings->>'style')] END
       || CASE WHEN w.settings->>'strength' IS NULL THEN '{}' ELSE ARRAY['strength:' || (w.settings->>'strength')] END
       || ARRAY(SELECT 'facet:' || f FROM jsonb_array_elements_text(w.settings->'facets') f)
       || ARRAY(SELECT 'topic:' || t FROM unnest(i.topics) t)
  FROM item i WHERE i.id = w.item_id;
ALTER TABLE work ALTER COLUMN stack_id SET NOT NULL, ALTER COLUMN marks SET NOT NULL, ALTER COLUMN tags SET NOT NULL;
-- The planner chooses between the order of the page and the marks by how common each mark is.
ALTER TABLE work ALTER COLUMN marks SET STATISTICS 1000;

-- Text search, stored: a page in order of time tests a row in a microsecond instead of parsing its words again.
CREATE FUNCTION joined_words(text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string($1, ' ') $$;
ALTER TABLE work
  ADD COLUMN words_search tsvector GENERATED ALWAYS AS (to_tsvector('english', words)) STORED,
  ADD COLUMN prompt_search tsvector GENERATED ALWAYS AS (to_tsvector('english', prompt)) STORED,
  ADD COLUMN own_search tsvector GENERATED ALWAYS AS (to_tsvector('english', prompt || ' ' || joined_words(tags))) STORED;
DROP INDEX work_words_search, work_prompt_search;
CREATE INDEX work_words_found ON work USING gin (words_search) WHERE words_search IS NOT NULL;
CREATE INDEX work_prompt_found ON work USING gin (prompt_search) WHERE recipe_shared;
CREATE INDEX work_own_found ON work USING gin (own_search) WHERE own_search IS NOT NULL;

-- One index per order of the public gallery; a person's own works are few and are found by author.
CREATE INDEX work_public_marks ON work USING gin (marks) WHERE visibility = 'PUBLIC';
CREATE INDEX work_public_newest ON work (created_at DESC, item_id DESC) WHERE visibility = 'PUBLIC';
CREATE INDEX work_public_rated ON work (standing DESC, item_id DESC) WHERE visibility = 'PUBLIC';
CREATE INDEX work_public_liked ON work (favourite_count DESC, item_id DESC) WHERE visibility = 'PUBLIC';
CREATE INDEX work_by_seed ON work (seed) WHERE seed IS NOT NULL;
CREATE INDEX work_based_on ON work USING gin (based_on) WHERE based_on IS NOT NULL;
CREATE INDEX work_deleted ON work (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE rating ADD CONSTRAINT rating_value CHECK (value BETWEEN 1 AND 5);
ALTER TABLE collection ADD CONSTRAINT collection_name CHECK (length(name) BETWEEN 1 AND 80);

-- Copies that the gallery filters and sorts by follow their originals by trigger, so that no writer can forget them.
CREATE FUNCTION follow_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE work SET visibility = NEW.visibility WHERE item_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER item_visibility_follows AFTER UPDATE OF visibility ON item
  FOR EACH ROW WHEN (OLD.visibility IS DISTINCT FROM NEW.visibility) EXECUTE FUNCTION follow_visibility();

CREATE FUNCTION count_favourites() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN UPDATE work SET favourite_count = favourite_count + 1 WHERE item_id = NEW.item_id;
  ELSE UPDATE work SET favourite_count = favourite_count - 1 WHERE item_id = OLD.item_id; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER favourite_counts AFTER INSERT OR DELETE ON favourite FOR EACH ROW EXECUTE FUNCTION count_favourites();

-- standing: the mean in thousandths as if two people more had given 3, so that one vote of 5 does not lead the gallery.
CREATE FUNCTION count_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stars int := coalesce(CASE WHEN TG_OP <> 'DELETE' THEN NEW.value END, 0) - coalesce(CASE WHEN TG_OP <> 'INSERT' THEN OLD.value END, 0);
  votes int := CASE TG_OP WHEN 'INSERT' THEN 1 WHEN 'DELETE' THEN -1 ELSE 0 END;
BEGIN
  UPDATE work SET rating_sum = rating_sum + stars, rating_count = rating_count + votes,
    rating = (rating_sum + stars)::real / nullif(rating_count + votes, 0),
    standing = round(1000.0 * (rating_sum + stars + 6) / (rating_count + votes + 2))
   WHERE item_id = coalesce(CASE WHEN TG_OP <> 'DELETE' THEN NEW.item_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.item_id END);
  RETURN NULL;
END $$;
CREATE TRIGGER rating_counts AFTER INSERT OR UPDATE OR DELETE ON rating FOR EACH ROW EXECUTE FUNCTION count_ratings();
