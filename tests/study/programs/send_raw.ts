// Sends bytes to a port of this machine and prints the first line of every answer: requests that no client would send.
const [port, ...requests] = Deno.args;
for (const request of requests) {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(65_536), length = await connection.read(bytes) ?? 0;
  console.log(new TextDecoder().decode(bytes.subarray(0, length)).split("\r\n")[0]);
}
