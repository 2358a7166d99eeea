// Where the Prisma CLI finds things. Only `generate` works without DATABASE_URL.
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const url = process.env.DATABASE_URL;

export default {
  schema: here('../prisma/schema.prisma'),
  migrations: { path: here('../prisma/migrations') },
  ...(url === undefined ? {} : { datasource: { url, shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL } }),
};
