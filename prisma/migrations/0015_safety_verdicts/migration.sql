-- AlterTable
ALTER TABLE "work" ADD COLUMN     "verdicts" JSONB;
