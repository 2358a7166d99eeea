import { useId } from 'react';
import { STRENGTH, strengthWords } from './strength.js';

interface StrengthChoiceProps {
  readonly strength: number;
  readonly onChange: (strength: number) => void;
}

/** How far the new picture may go from the one it starts from. */
export function StrengthChoice({ strength, onChange }: StrengthChoiceProps) {
  const id = useId();
  const words = strengthWords(strength);
  return (
    <div className="field">
      <label htmlFor={id}>How much may change</label>
      <div className="slider">
        <span className="small muted" aria-hidden="true">
          Little
        </span>
        <input
          id={id}
          type="range"
          min={STRENGTH.least}
          max={STRENGTH.most}
          step={STRENGTH.step}
          value={strength}
          aria-valuetext={words}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <span className="small muted" aria-hidden="true">
          All
        </span>
        <output className="small" htmlFor={id} aria-hidden="true">
          {words}
        </output>
      </div>
    </div>
  );
}
