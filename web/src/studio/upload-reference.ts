import type { ApolloClient } from '@apollo/client';
import { newId } from '../api/new-id.js';
import { problemOf } from '../api/problem-of.js';
import { asSentence } from '../api/sentence-of.js';
import { CreateUploadDocument, type ReferenceRole } from '../generated/graphql.js';

export interface Upload {
  readonly role: ReferenceRole;
  /** The sentence that stood beside the tick. */
  readonly consentText: string;
  readonly file: Blob;
}

/** Asks for a place, then sends the file there; returns the id of the picture. Not without consent: the form asks for it first. */
export async function uploadReference(
  client: Pick<ApolloClient, 'mutate'>,
  { role, consentText, file }: Upload,
): Promise<string> {
  const input = { role, consentText, agreed: true, idempotencyKey: newId() };
  const { data } = await client.mutate({ mutation: CreateUploadDocument, variables: { input } });
  const place = data?.createUpload;
  if (place?.__typename !== 'CreateUploadPayload') throw new Error(problemOf(place) ?? 'It was not taken.');
  const answer = await fetch(place.uploadUrl, { method: 'PUT', body: file });
  if (!answer.ok) throw new Error(await refusalOf(answer));
  return place.reference.id;
}

async function refusalOf(answer: Response): Promise<string> {
  if (answer.status === 413) return 'The file is larger than 20 MB.';
  const body = (await answer.json().catch(() => null)) as { errors?: { message?: string }[] } | null;
  const message = body?.errors?.[0]?.message;
  return message === undefined ? 'The picture could not be sent. Try again.' : asSentence(message);
}
