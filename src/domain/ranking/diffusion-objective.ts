/** Ways to teach the denoiser. */
export const DIFFUSIONS = ['dreamrec', 'preferdiff', 'diffrec'] as const;
export type Diffusion = (typeof DIFFUSIONS)[number];
