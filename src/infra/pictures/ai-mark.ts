import sharp from 'sharp';
import { TRAINED_ALGORITHMIC_MEDIA } from '../../domain/picture-manifest.js';

/** Attributes of the packet: letters, digits and signs that need no escape, so that a manifest stands in it as it is. */
const MANIFEST = /\s+vitrine:Manifest="[^"]*"/;

/** The XMP packet that marks a picture as made by a model; `generator` names the program and model, `manifest` is the signed one. */
export function aiMark(generator: string, manifest: string | null = null): string {
  const signed = manifest === null ? '' : `\n    vitrine:Manifest="${manifest}"`;
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:vitrine="urn:vitrine:provenance:1"
    Iptc4xmpExt:DigitalSourceType="${TRAINED_ALGORITHMIC_MEDIA}"
    xmp:CreatorTool="${escaped(generator)}"${signed}/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
}

/** The packet of a picture without the manifest, which speaks of that one file alone; null where there is no packet. */
export async function unsignedPacket(bytes: Uint8Array): Promise<string | null> {
  const { xmp } = await sharp(bytes).metadata();
  return xmp?.toString('utf8').replace(MANIFEST, '') ?? null;
}

/** Whether the picture itself says that a model made it, whatever its format. */
export async function readAiMark(bytes: Uint8Array): Promise<boolean> {
  const { xmp } = await sharp(bytes).metadata();
  return xmp?.toString('utf8').includes(`"${TRAINED_ALGORITHMIC_MEDIA}"`) ?? false;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
