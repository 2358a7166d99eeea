/** Which codes are given away, where the last digit tells apart items that share all digits before it. */
export interface CodeRegister {
  /** One more than the largest last digit that was given. */
  readonly mostShared: number;
  /** Whether nobody has this code yet; it then belongs to the caller. */
  claim(code: ArrayLike<number>): boolean;
  /**
   * Writes the last two digits of a code: the first of `candidates` under which fewer than `most` items stand, and the first free
   * last digit there. Where all are full, the first candidate takes one more.
   */
  place(code: Uint16Array, candidates: ArrayLike<number>, most: number): void;
}

/** Codes of items, one after another. */
interface Given {
  readonly itemCount: number;
  readonly levels: number;
  readonly digits: Uint16Array; // (itemCount, levels)
}

/** Codes as keys of one set, so that holes which a removed item leaves are filled again. */
export function codeRegister(taken?: Given): CodeRegister {
  const given = new Set<string>();
  let mostShared = 0;
  const keyOf = (code: ArrayLike<number>) => String.fromCharCode(...Array.from(code));
  const claim = (code: ArrayLike<number>) => {
    const key = keyOf(code);
    if (given.has(key)) return false;
    given.add(key);
    mostShared = Math.max(mostShared, (code[code.length - 1] as number) + 1);
    return true;
  };
  if (taken) {
    const { levels, digits, itemCount } = taken;
    for (let i = 0; i < itemCount; i++) claim(digits.subarray(i * levels, (i + 1) * levels));
  }
  const fill = (code: Uint16Array, candidate: number, most: number) => {
    code[code.length - 2] = candidate;
    for (let digit = 0; digit < most; digit++) {
      code[code.length - 1] = digit;
      if (claim(code)) return true;
    }
    return false;
  };
  return {
    get mostShared() {
      return mostShared;
    },
    claim,
    place(code, candidates, most) {
      for (let c = 0; c < candidates.length; c++) if (fill(code, candidates[c] as number, most)) return;
      fill(code, candidates[0] as number, 1 << 16);
    },
  };
}
