-- AlterTable
ALTER TABLE "served_request" ADD COLUMN     "request" TEXT;
