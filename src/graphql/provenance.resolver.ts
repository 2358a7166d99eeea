import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { ItemId, MediaHash } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Media } from '../domain/media.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Work } from '../domain/work.js';
import { verifyProvenance } from '../flow/verify-provenance.js';
import { Provenance } from './content.types.js';
import { Url } from './scalars.js';
import type { ApiContext } from './context.js';

export interface ProvenanceRoot {
  readonly item: Item;
  readonly work: Work | null;
  readonly media: Media | null;
}

/** Ours, with or without a host before it. */
const ADDRESS = /^(?:https?:\/\/[^/]+)?\/media\/([\da-f]{64})\//;
const GENERATED_URI = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

@Resolver(() => Provenance)
export class ProvenanceResolver {
  @Query(() => Provenance, {
    nullable: true,
    description:
      'Who made the picture with this SHA-256 of its original bytes, or at this address of ours; null when it is not ours, or is private. To ask with bytes: POST them to /verify.',
  })
  async verifyProvenance(
    @Arg('contentHash', () => String, { nullable: true }) contentHash: string | null,
    @Arg('url', () => Url, { nullable: true, description: 'A media address; nothing is fetched.' })
    url: string | null,
    @Ctx() { ports }: ApiContext,
  ): Promise<ProvenanceRoot | null> {
    const hash = contentHash ?? ADDRESS.exec(url ?? '')?.[1] ?? '';
    return /^[\da-f]{64}$/.test(hash) ? verifyProvenance(ports, hash as MediaHash) : null;
  }

  @FieldResolver()
  origin(@Root() { item }: ProvenanceRoot) {
    return item.origin;
  }

  @FieldResolver()
  sourceTypeUri(@Root() { item }: ProvenanceRoot): string | null {
    return item.origin === 'GENERATED' ? GENERATED_URI : null;
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
