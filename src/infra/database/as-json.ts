import type { Prisma } from '../../generated/prisma/client.js';

/** Domain values go into jsonb columns as they are; dates become ISO strings there. */
export function asJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
