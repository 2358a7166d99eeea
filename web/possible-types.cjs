const { isAbstractType } = require('graphql');

/** Which types an interface or union stands for: the cache needs it to match fragments. */
module.exports = {
  plugin(schema) {
    const entries = Object.values(schema.getTypeMap())
      .filter((type) => isAbstractType(type) && !type.name.startsWith('__'))
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]);
    return `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(entries), null, 2)};\n`;
  },
};
