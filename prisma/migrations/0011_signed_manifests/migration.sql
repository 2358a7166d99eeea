-- AlterTable
ALTER TABLE "work" ADD COLUMN     "manifest" TEXT;
