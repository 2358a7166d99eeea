import { afterEach, expect, jest, test } from '@jest/globals';
import { uploadReference } from './upload-reference.js';

const file = new Blob(['bytes']);
const wish = { role: 'PERSON', consentText: 'I agree.', file } as const;
const place = {
  __typename: 'CreateUploadPayload',
  reference: { id: 'reference-1' },
  uploadUrl: '/uploads/1?e=2&s=3',
};

function clientThatAnswers(createUpload: object) {
  const asked: unknown[] = [];
  const mutate = ({ variables }: { variables?: unknown }) => {
    asked.push(variables);
    return Promise.resolve({ data: { createUpload } });
  };
  return { asked, client: { mutate } as unknown as Parameters<typeof uploadReference>[0] };
}

const sent = jest.spyOn(globalThis, 'fetch');
afterEach(() => {
  sent.mockReset();
});

test('the file goes to the place that was given, with the sentence that was agreed to', async () => {
  sent.mockResolvedValue(new Response(null, { status: 204 }));
  const { client, asked } = clientThatAnswers(place);
  expect(await uploadReference(client, wish)).toBe('reference-1');
  expect(asked).toMatchObject([{ input: { role: 'PERSON', consentText: 'I agree.', agreed: true } }]);
  expect(sent.mock.calls).toEqual([[place.uploadUrl, { method: 'PUT', body: file }]]);
});

test('where no place is given nothing is sent, and the reason is told', async () => {
  const { client } = clientThatAnswers({ __typename: 'LimitReached', message: 'at most 20 pictures' });
  await expect(uploadReference(client, wish)).rejects.toThrow('At most 20 pictures');
  expect(sent).not.toHaveBeenCalled();
});

test.each([
  [413, null, 'The file is larger than 20 MB.'],
  [422, { errors: [{ message: 'a picture was wanted' }] }, 'A picture was wanted'],
  [503, null, 'could not be sent'],
])('an answer of %d is told in words', async (status, body, words) => {
  sent.mockResolvedValue(new Response(body && JSON.stringify(body), { status }));
  await expect(uploadReference(clientThatAnswers(place).client, wish)).rejects.toThrow(words);
});
