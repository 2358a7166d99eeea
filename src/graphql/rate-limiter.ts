import { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateState } from './context.js';
import type { Limits } from './limits.js';

export interface RateLimiter {
  /** Counts the points of one operation; throws RATE_LIMITED with the time to wait when they are used up. */
  spend(key: string, cost: number, now: Date): Promise<RateState>;
}

/** Points per caller and minute, counted in this process: several servers each give their own share. */
export function rateLimiter({ pointsPerMinute: limit }: Limits): RateLimiter {
  const limiter = new RateLimiterMemory({ points: limit, duration: 60 });
  return {
    async spend(key, cost, now) {
      try {
        const { remainingPoints: remaining, msBeforeNext } = await limiter.consume(key, Math.max(1, cost));
        return { limit, remaining, resetAt: new Date(now.getTime() + msBeforeNext), cost };
      } catch (error) {
        if (error instanceof RateLimiterRes) throw limited(limit, error.msBeforeNext);
        throw error;
      }
    },
  };
}

function limited(limit: number, waitMs: number): GraphQLError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const http = { status: 429, headers: new Map([['retry-after', String(seconds)]]) };
  return new GraphQLError(`at most ${limit} points a minute; wait ${seconds} s`, {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds, http },
  });
}
