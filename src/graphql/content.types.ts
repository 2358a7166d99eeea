import { Field, Float, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { PublicMark } from '../domain/gallery-marks.js';
import type { Item, ItemOrigin, Visibility } from '../domain/item.js';
import type { Work } from '../domain/work.js';
import { Catalogue } from './catalogue.types.js';
import {
  ContentOriginEnum,
  GalleryFacetFieldEnum,
  GeneratedKindEnum,
  type SignatureState,
  SignatureStateEnum,
  VisibilityEnum,
} from './enums.js';
import { Media } from './media.types.js';
import { ModelVersion } from './model.types.js';
import { Connection, Node } from './node.types.js';
import { DateTime, Json, Url } from './scalars.js';

@ObjectType({ description: 'How the picture says of itself that it was made by AI.' })
export class Marking {
  @Field(() => Boolean, { description: 'IPTC trainedAlgorithmicMedia in every size and format.' })
  embeddedMetadata!: boolean;
  @Field(() => String, { nullable: true, description: 'What to show beside it.' })
  visibleLabel!: string | null;
}

@InterfaceType({
  implements: Node,
  description: 'Something that can be shown, recommended, explained and remixed.',
  resolveType: (item: Item) => (item.origin === 'GENERATED' ? 'GeneratedItem' : 'CatalogItem'),
})
export abstract class Content extends Node {
  @Field(() => String)
  title!: string;
  @Field(() => String, { nullable: true })
  summary!: string | null;
  @Field(() => Media, { nullable: true })
  media!: Media | null;
  @Field(() => [String])
  topics!: readonly string[];
  @Field(() => VisibilityEnum)
  visibility!: Visibility;
  @Field(() => Int)
  favouriteCount!: number;
  @Field(() => Boolean)
  viewerHasFavourited!: boolean;
  @Field(() => DateTime)
  createdAt!: Date;
}

@ObjectType()
export class ProvenanceInput {
  @Field(() => String, { description: 'parent, or reference.' })
  role!: string;
  @Field(() => Content, { nullable: true, description: 'Null where it may not be seen by this person.' })
  content!: Content | null;
}

@ObjectType({
  description:
    'What we signed of the original: its hash, its recipe without private words, the model, the time and the AI mark.',
})
export class SignedManifest {
  @Field(() => String, {
    description:
      'Compact JWS (RFC 7515, EdDSA), as the file carries it; anybody can check it with manifestKeys.',
  })
  jws!: string;
  @Field(() => Boolean, {
    description: 'Whether the stored original is to the bit as it was signed, checked now.',
  })
  verified!: boolean;
  @Field(() => SignatureStateEnum)
  signature!: SignatureState;
  @Field(() => String, { description: 'Why it is verified, or why not.' })
  why!: string;
  @Field(() => String, { nullable: true, description: 'Which of manifestKeys signed it.' })
  keyId!: string | null;
}

@ObjectType({
  description: 'A public key of signed manifests (Ed25519); also at /.well-known/vitrine-keys.json.',
})
export class ManifestKey {
  @Field(() => String, { description: 'Its thumbprint (RFC 7638): the kid of what it signed.' })
  keyId!: string;
  @Field(() => String, { description: '32 bytes as base64url: x of a JSON Web Key.' })
  publicKey!: string;
  @Field(() => Boolean, { description: 'False: it only checks what it signed in its time.' })
  signsNow!: boolean;
}

@ObjectType({ description: 'Where a picture comes from.' })
export class Provenance {
  @Field(() => ContentOriginEnum)
  origin!: ItemOrigin;
  @Field(() => Url, { nullable: true, description: 'IPTC digital source type.' })
  sourceTypeUri!: string | null;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the original bytes, in hex.' })
  contentHash!: string | null;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => ModelVersion, { nullable: true })
  generator!: ModelVersion | null;
  @Field(() => String, { nullable: true })
  provider!: string | null;
  @Field(() => [ProvenanceInput])
  inputs!: ProvenanceInput[];
  @Field(() => Marking)
  marking!: Marking;
}

@ObjectType({ implements: [Content, Node] })
export class CatalogItem extends Content {
  @Field(() => String)
  externalId!: string;
  @Field(() => Catalogue)
  catalogue!: Catalogue;
  @Field(() => Json, { description: 'Named facts: the material of reasons.' })
  attributes!: Record<string, string>;
  @Field(() => DateTime, { nullable: true })
  availableUntil!: Date | null;
}

@ObjectType({ description: 'Everything needed to make the same picture again.' })
export class Recipe {
  @Field(() => String)
  prompt!: string;
  @Field(() => Int)
  seed!: number;
  @Field(() => Int)
  steps!: number;
  @Field(() => Float)
  guidance!: number;
  @Field(() => Int)
  width!: number;
  @Field(() => Int)
  height!: number;
  @Field(() => String, { nullable: true })
  style!: string | null;
  @Field(() => [String], { description: 'Tastes that went into the brief; empty when not personalised.' })
  facets!: readonly string[];
  @Field(() => [String], {
    description: 'Colours shared with the others of its bundle; empty where it is of none.',
  })
  palette!: readonly string[];
  @Field(() => Float, {
    nullable: true,
    description: 'How much of the starting picture was given up, in (0, 1].',
  })
  strength!: number | null;
  @Field(() => String)
  provider!: string;
  @Field(() => String)
  modelName!: string;
  @Field(() => Boolean, { description: 'Whether its owner lets others see it.' })
  shareable!: boolean;
}

@ObjectType({ description: 'What one check said, under which policy, and from which score on it withholds.' })
export class SafetyVerdict {
  @Field(() => String, { description: 'Name and version.' })
  policy!: string;
  @Field(() => Float, { description: '0 to 1.' })
  score!: number;
  @Field(() => Float)
  threshold!: number;
  @Field(() => String, { nullable: true })
  category!: string | null;
}

@ObjectType({ implements: [Content, Node] })
export class GeneratedItem extends Content {
  @Field(() => GeneratedKindEnum)
  kind!: Work['kind'];
  @Field(() => Boolean)
  viewerIsAuthor!: boolean;
  @Field(() => Recipe, { nullable: true, description: 'Withheld unless its owner shares it.' })
  recipe!: Recipe | null;
  @Field(() => [Content])
  basedOn!: Content[];
  @Field(() => Float, { nullable: true, description: 'Mean of all ratings, 1 to 5; null before the first.' })
  rating!: number | null;
  @Field(() => Int)
  ratingCount!: number;
  @Field(() => Int, { nullable: true, description: 'One’s own rating.' })
  viewerRating!: number | null;
  @Field(() => [String], { nullable: true, description: 'Its author’s own labels; null for everybody else.' })
  tags!: readonly string[] | null;
  @Field(() => [SafetyVerdict], {
    nullable: true,
    description: 'What the checks said before it was shown; its author’s own, null for everybody else.',
  })
  verdicts!: SafetyVerdict[] | null;
  @Field(() => Int, { description: 'How many near-equal works stand together, this one included.' })
  stackSize!: number;
}

@ObjectType({ description: 'Pictures of different things that were drawn as a set: one palette, one style.' })
export class BundleSet {
  @Field(() => [String], { description: 'Hex codes, the leading colour first.' })
  palette!: readonly string[];
  @Field(() => String, { nullable: true })
  style!: string | null;
  @Field(() => [GeneratedItem], { description: 'Those that may be seen, in order, this one included.' })
  items!: GeneratedItem[];
}

@ObjectType()
export class GeneratedItemEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => GeneratedItem)
  node!: GeneratedItem;
  @Field(() => Float, {
    nullable: true,
    description: 'How well it fits the words or the picture asked for, in (0, 1]; null in other orders.',
  })
  relevance!: number | null;
}

@ObjectType()
export class GalleryFacet {
  @Field(() => GalleryFacetFieldEnum)
  field!: PublicMark;
  @Field(() => String)
  value!: string;
  @Field(() => Int)
  count!: number;
}

@ObjectType({
  description: 'What matches, by its public facts; most frequent first, at most 30 values each.',
})
export class GalleryFacets {
  @Field(() => [GalleryFacet])
  counts!: GalleryFacet[];
  @Field(() => Int)
  counted!: number;
  @Field(() => Boolean, { description: 'False: only the newest matches were counted.' })
  exact!: boolean;
}

@ObjectType({ implements: Connection })
export class GeneratedItemConnection extends Connection {
  @Field(() => [GeneratedItemEdge])
  edges!: GeneratedItemEdge[];
  @Field(() => [GeneratedItem], { description: 'The nodes of the edges.' })
  nodes!: GeneratedItem[];
}
