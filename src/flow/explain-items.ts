import { checkClaims } from '../domain/explaining/check-claims.js';
import type { Fact } from '../domain/explaining/facts.js';
import { writeReason, type ReasonStyle } from '../domain/explaining/write-reason.js';
import type { ExplanationId, ItemId, RequestId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Explanation, ReasonControl, Served, ServedRequest } from '../domain/recommendation.js';
import { gatherEvidence, type EvidenceOf, type ExplainPorts } from './gather-evidence.js';

interface ExplainInput {
  readonly viewer: Person;
  readonly requestId: RequestId;
  readonly itemIds: readonly ItemId[];
  readonly style: ReasonStyle;
}

/**
 * Explain: why these items stand in this answer. Evidence first, then words, then a checker that does not trust the words.
 * An item whose claims all fail gets no explanation, which is better than a wrong one. Stored once, read again after.
 */
export async function explainItems(
  ports: ExplainPorts,
  input: ExplainInput,
): Promise<Map<ItemId, Explanation>> {
  const { viewer, requestId, itemIds, style } = input;
  const request = await ports.stores.answers.request(requestId);
  if (request?.personId !== viewer.id) return new Map();
  const stored = await ports.stores.answers.explanationsFor(requestId, itemIds, style);
  const known = new Map(stored.map((explanation) => [explanation.itemId, explanation]));
  const wanted = request.entries.filter(({ itemId }) => itemIds.includes(itemId) && !known.has(itemId));
  if (wanted.length === 0) return known;
  const evidence = await gatherEvidence(ports, viewer, request, wanted);
  const made = wanted.flatMap((served) =>
    explain(ports, { request, served, style }, evidence.of(served.itemId)),
  );
  if (made.length > 0) await ports.stores.answers.saveExplanations(made);
  return new Map([...known, ...made.map((explanation) => [explanation.itemId, explanation] as const)]);
}

function explain(
  { clock, ids }: ExplainPorts,
  { request, served, style }: { request: ServedRequest; served: Served; style: ReasonStyle },
  { facts, records }: EvidenceOf,
): Explanation[] {
  const { text, claims, groundedShare } = checkClaims(writeReason(facts, style), records);
  if (claims.length === 0) return [];
  return [
    {
      id: ids.next() as ExplanationId,
      requestId: request.id,
      personId: request.personId,
      itemId: served.itemId,
      style,
      locale: 'en',
      text,
      claims,
      groundedShare,
      controls: controlsFor(request, served, facts),
      createdAt: clock.now(),
    },
  ];
}

/** What a person may answer to a reason: about the item, about the signal behind it, about the topic, about profiling. */
function controlsFor(
  { personId, profiled }: ServedRequest,
  { itemId }: Served,
  facts: readonly Fact[],
): ReasonControl[] {
  const controls: ReasonControl[] = [
    { label: 'More like this', action: 'MORE_LIKE_THIS', targetId: itemId },
    { label: 'Less like this', action: 'LESS_LIKE_THIS', targetId: itemId },
  ];
  for (const fact of facts) {
    if (fact.kind === 'INTERACTION')
      controls.push({ label: `Forget “${fact.title}”`, action: 'FORGET_SIGNAL', targetId: fact.eventId });
    if (fact.kind === 'ATTRIBUTE' && fact.attribute === 'topic')
      controls.push({ label: `Nothing about ${fact.value}`, action: 'HIDE_TOPIC', targetId: fact.value });
  }
  if (profiled)
    controls.push({ label: 'Turn profiling off', action: 'TURN_OFF_PROFILING', targetId: personId });
  return controls;
}
