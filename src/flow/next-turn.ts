/** Lets what waits in the event loop run first. */
export const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));
