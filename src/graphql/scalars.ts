import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars';

export const DateTime = new GraphQLScalarType({ ...GraphQLDateTimeISO.toConfig(), name: 'DateTime' });
export const Json = GraphQLJSON;

function checkedString(
  name: string,
  description: string,
  wanted: string,
  pattern: RegExp,
): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new GraphQLError(`${name}: ${wanted} was wanted`, { extensions: { code: 'BAD_USER_INPUT' } });
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: String,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
  });
}

export const IdempotencyKey = checkedString(
  'IdempotencyKey',
  'Client-made key, 16-128 characters; the same key with other arguments is refused.',
  'a string of 16 to 128 visible ASCII characters',
  /^[\x21-\x7e]{16,128}$/,
);

export const Cursor = checkedString(
  'Cursor',
  'Opaque position in an event log; send it back to resume without loss or repeats.',
  'a cursor as it was handed out',
  /^[\w-]{1,100}$/,
);

export const Url = checkedString(
  'URL',
  'RFC 3986 reference; media addresses are relative to this server.',
  'a URL reference of at most 2,000 characters',
  /^\S{1,2000}$/,
);
