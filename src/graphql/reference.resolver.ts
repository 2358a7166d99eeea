import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Person } from '../domain/person.js';
import type { ReferencePicture as StoredReference } from '../domain/reference.js';
import { createUpload } from '../flow/create-upload.js';
import { deleteReference } from '../flow/delete-reference.js';
import type { ApiContext } from './context.js';
import { Viewer } from './person.types.js';
import {
  CreateUploadInput,
  CreateUploadResult,
  DeleteReferenceResult,
  ReferencePicture,
} from './reference.types.js';
import { IdempotencyKey } from './scalars.js';

@Resolver(() => Viewer)
export class ReferenceResolver {
  @FieldResolver(() => [ReferencePicture], { complexity: 20, description: 'Newest first; at most 20.' })
  referencePictures(@Root() { id }: Person, @Ctx() { ports }: ApiContext): Promise<StoredReference[]> {
    return ports.stores.references.ofPerson(id);
  }

  @Authorized('VIEWER')
  @Mutation(() => CreateUploadResult.type, {
    description: 'A place for a reference picture, and a short-lived address to send it to.',
  })
  createUpload(
    @Arg('input', () => CreateUploadInput) input: CreateUploadInput,
    @Ctx() { ports, referenceUrls, viewer }: ApiContext,
  ): Promise<object> {
    return CreateUploadResult.settle(async () => {
      const { idempotencyKey, role, consentText, agreed } = input;
      const asked = { idempotencyKey, role, consentText, agreed, viewer: await viewer() };
      const { reference, replayed } = await createUpload(ports, asked);
      const expiresAt = reference.uploadExpiresAt;
      return {
        reference,
        replayed,
        expiresAt,
        uploadUrl: referenceUrls.upload.sign(reference.id, expiresAt),
      };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => DeleteReferenceResult.type, {
    description: 'Deletes the bytes and the row. What was made from it stays: it is the viewer’s work.',
  })
  deleteReferencePicture(
    @Arg('id', () => ID) id: string,
    @Arg('idempotencyKey', () => IdempotencyKey) key: string,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return DeleteReferenceResult.settle(async () => {
      const opened = ids.open('ReferencePicture', id);
      return { deletedId: id, ...(await deleteReference(ports, await viewer(), { id: opened, key })) };
    });
  }
}

/** An address of a thumbnail is good for one to two of these; so rounded, all answers of a while give the same one. */
const THUMBNAIL_MS = 15 * 60_000;

@Resolver(() => ReferencePicture)
export class ReferencePictureResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'How it looks, 160 pixels, by an address that runs out within half an hour. Null until the bytes have come.',
  })
  thumbnailUrl(
    @Root() { id, storedAt }: StoredReference,
    @Ctx() { ports, referenceUrls }: ApiContext,
  ): string | null {
    const ends = (Math.floor(ports.clock.now().getTime() / THUMBNAIL_MS) + 2) * THUMBNAIL_MS;
    return storedAt === null ? null : referenceUrls.thumbnail.sign(id, new Date(ends));
  }
}
