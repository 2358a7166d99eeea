import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';

/** Signs the ids and links of the servers that chaos is done to. */
export const SECRET = 'a secret that only the chaos of this project knows';

/** Opens and makes ids as those servers do. */
export const ids = idSeal(idKey(SECRET));
