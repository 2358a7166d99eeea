import sharp from 'sharp';

/** IPTC's word for "a trained model made this": what Art. 50 of the EU AI Act asks for in machine-readable form. */
const TRAINED_ALGORITHMIC_MEDIA = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** The XMP packet that marks a picture as made by a model; `generator` names the program and model. */
export function aiMark(generator: string): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    Iptc4xmpExt:DigitalSourceType="${TRAINED_ALGORITHMIC_MEDIA}"
    xmp:CreatorTool="${escaped(generator)}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
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
