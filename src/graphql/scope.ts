/** What a caller may do. A field without a scope is open to everybody. */
export const SCOPES = ['PUBLIC', 'VIEWER', 'EDITOR', 'ANALYST', 'OPERATOR'] as const;
export type Scope = (typeof SCOPES)[number];
