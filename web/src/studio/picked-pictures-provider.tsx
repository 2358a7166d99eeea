import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { PickedPictures } from './picked-pictures.js';

const PickedPicturesContext = createContext<PickedPictures | null>(null);

export function usePickedPictures(): PickedPictures {
  const pictures = useContext(PickedPicturesContext);
  if (!pictures) throw new Error('usePickedPictures was called outside of its provider');
  return pictures;
}

/** One person's picked files: nothing of them is left when somebody else looks. */
export function PickedPicturesProvider({ children }: { readonly children: ReactNode }) {
  const [pictures] = useState(() => new PickedPictures());
  useEffect(() => () => pictures.dropAll(), [pictures]);
  return <PickedPicturesContext.Provider value={pictures}>{children}</PickedPicturesContext.Provider>;
}
