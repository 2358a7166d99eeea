import { Prisma } from '../../generated/prisma/client.js';

/** What `polarity` in domain/event.ts calls wanted, of the event with the alias `e`; a test holds the two together. */
export const WANTED_EVENT = Prisma.sql`(e.type IN ('CLICK', 'FAVOURITE', 'SHARE', 'REMIX', 'DOWNLOAD', 'CONVERT')
            OR (e.type = 'RATE' AND coalesce(e.value, 3) >= 3)
            OR (e.type = 'DWELL' AND coalesce(e.value, 0) >= 10))`;
