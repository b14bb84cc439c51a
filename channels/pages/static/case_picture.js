// Makes large photographs small before they are sent; everything else goes as it is.

const LARGE = 3000;
const MOST = 2600;
const QUALITY = 0.9;
const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"];

// {blob, name, thumb}: `thumb` is a canvas, or null where the browser cannot read the file (then the server tries).
export async function prepare(file) {
  const bitmap = await read(file);
  if (!bitmap) return { blob: file, name: file.name, thumb: null };
  try {
    const thumb = drawn(bitmap, 240);
    if (Math.max(bitmap.width, bitmap.height) <= LARGE) return { blob: file, name: file.name, thumb };
    const blob = await new Promise((done) => drawn(bitmap, MOST).toBlob(done, "image/jpeg", QUALITY));
    return blob ? { blob, name: file.name.replace(/\.\w+$/, "") + ".jpg", thumb } : { blob: file, name: file.name, thumb };
  } finally {
    bitmap.close();
  }
}

// Upright: the camera's note on how it was held is applied here, and is not in what is drawn.
async function read(file) {
  if (!PHOTOS.includes(file.type)) return null;
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

function drawn(bitmap, most) {
  const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
