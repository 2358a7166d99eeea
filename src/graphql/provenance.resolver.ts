import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ItemId, MediaHash } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Media } from '../domain/media.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Work } from '../domain/work.js';
import { TRAINED_ALGORITHMIC_MEDIA } from '../domain/picture-manifest.js';
import { CHECK_MEANS, checkWork, provenanceOfItem, verifyProvenance } from '../flow/verify-provenance.js';
import { ManifestKey, Provenance, SignedManifest } from './content.types.js';
import { Url } from './scalars.js';
import type { ApiContext } from './context.js';
import { ifGiven } from './given.js';

export interface ProvenanceRoot {
  readonly item: Item;
  readonly work: Work | null;
  readonly media: Media | null;
}

/** Ours, with or without a host before it. */
const ADDRESS = /^(?:https?:\/\/[^/]+)?\/media\/([\da-f]{64})\//;
/** A check reads the original from storage and hashes it. */
const CHECK_COST = 10;

@Resolver(() => Provenance)
export class ProvenanceResolver {
  @Query(() => Provenance, {
    nullable: true,
    description:
      'Who made the picture with this SHA-256 of its original bytes, at this address of ours, or of this item; null when it is not ours, or may not be seen. To ask with bytes: POST them to /verify.',
  })
  async verifyProvenance(
    @Arg('contentHash', () => String, { nullable: true }) contentHash: string | null,
    @Arg('url', () => Url, { nullable: true, description: 'A media address; nothing is fetched.' })
    url: string | null,
    @Arg('id', () => ID, { nullable: true, description: 'Of a work or a catalogue item.' }) id: string | null,
    @Ctx() { ids, ports, viewerOrNull }: ApiContext,
  ): Promise<ProvenanceRoot | null> {
    const itemId = ifGiven(id, (sealed) => ids.open('Item', sealed, ['id']));
    if (itemId !== null) return provenanceOfItem(ports, itemId, (await viewerOrNull())?.id ?? null);
    const hash = contentHash ?? ADDRESS.exec(url ?? '')?.[1] ?? '';
    return /^[\da-f]{64}$/.test(hash) ? verifyProvenance(ports, hash as MediaHash) : null;
  }

  @Query(() => [ManifestKey], {
    description: 'The keys that signed manifests are checked with, newest first.',
  })
  manifestKeys(@Ctx() { ports }: ApiContext): object[] {
    return ports.manifestKeys.published.map(({ kid, x, signsNow }) => ({
      ...{ keyId: kid, publicKey: x, signsNow },
    }));
  }

  @FieldResolver(() => SignedManifest, {
    nullable: true,
    complexity: ({ childComplexity }) => CHECK_COST + childComplexity,
    description:
      'Null for catalogue items, which nobody generated, and for works of before there were manifests.',
  })
  async manifest(@Root() { work }: ProvenanceRoot, @Ctx() { ports }: ApiContext): Promise<object | null> {
    const check = work === null ? null : await checkWork(ports, work);
    if (work === null || check === null) return null;
    const { state: signature, keyId } = check;
    const why = CHECK_MEANS[signature];
    return { jws: work.manifest, verified: signature === 'SIGNED', signature, why, keyId };
  }

  @FieldResolver()
  origin(@Root() { item }: ProvenanceRoot) {
    return item.origin;
  }

  @FieldResolver()
  sourceTypeUri(@Root() { item }: ProvenanceRoot): string | null {
    return item.origin === 'GENERATED' ? TRAINED_ALGORITHMIC_MEDIA : null;
  }

  @FieldResolver()
  contentHash(@Root() { item, work }: ProvenanceRoot): string | null {
    return work?.contentHash ?? item.mediaHash;
  }

  @FieldResolver()
  createdAt(@Root() { item, work }: ProvenanceRoot): Date {
    return work?.createdAt ?? item.createdAt;
  }

  @FieldResolver()
  async generator(
    @Root() { work }: ProvenanceRoot,
    @Ctx() { loaders }: ApiContext,
  ): Promise<ModelVersion | null> {
    const id = work?.modelVersionId ?? null;
    return id === null ? null : loaders.models.load(id);
  }

  @FieldResolver()
  provider(@Root() { work }: ProvenanceRoot): string | null {
    return work?.recipe.provider ?? null;
  }

  @FieldResolver()
  async inputs(@Root() { work }: ProvenanceRoot, @Ctx() { loaders }: ApiContext): Promise<object[]> {
    const parents: ItemId[] = work?.parentId ? [work.parentId] : [];
    const input = async (role: string, id: ItemId) => ({ role, content: await loaders.items.load(id) });
    return Promise.all([
      ...parents.map((id) => input('parent', id)),
      ...(work?.basedOn ?? []).map((id) => input('reference', id)),
    ]);
  }

  @FieldResolver()
  marking(@Root() { item, media }: ProvenanceRoot): object {
    const generated = item.origin === 'GENERATED';
    return { embeddedMetadata: media?.aiMarked ?? false, visibleLabel: generated ? 'Made with AI' : null };
  }
}
