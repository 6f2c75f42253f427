// A mail server on a free port. Its first line says the port; each further line is one mail that it took, as JSON.
// Argument: {secure, starttls, auth: ["PLAIN"], user, password, key, cert, silentAfterData}
import { SMTPServer } from "smtp-server";
import PostalMime from "postal-mime";
import { readFileSync } from "node:fs";

const wish = JSON.parse(process.argv[2] ?? "{}");
const disabled = [];
if (!wish.starttls) disabled.push("STARTTLS");
if (!wish.auth) disabled.push("AUTH");

const server = new SMTPServer({
  secure: wish.secure ?? false,
  ...(wish.key ? { key: readFileSync(wish.key), cert: readFileSync(wish.cert) } : {}),
  disabledCommands: disabled,
  authMethods: wish.auth ?? [],
  allowInsecureAuth: true,
  authOptional: !wish.auth,
  disableReverseLookup: true,
  closeTimeout: 100,
  onAuth(auth, session, callback) {
    if (auth.username === wish.user && auth.password === wish.password) callback(null, { user: auth.method });
    else callback(new Error("wrong name or password"));
  },
  onRcptTo(address, session, callback) {
    const code = { later: 451, never: 550 }[address.address.split("@")[0]];
    callback(code ? Object.assign(new Error("not this one"), { responseCode: code }) : undefined);
  },
  onData(stream, session, callback) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", async () => {
      const raw = Buffer.concat(chunks);
      const mail = await PostalMime.parse(raw);
      console.log(
        JSON.stringify({
          sender: session.envelope.mailFrom.address,
          receivers: session.envelope.rcptTo.map((to) => to.address),
          secure: session.secure,
          user: session.user ?? null,
          raw: raw.toString("base64"),
          subject: mail.subject,
          from: mail.from,
          to: mail.to,
          messageId: mail.messageId,
          text: mail.text,
          html: mail.html,
          files: mail.attachments.map((file) => ({
            name: file.filename,
            type: file.mimeType,
            text: typeof file.content === "string" ? file.content : Buffer.from(file.content).toString("utf8"),
          })),
          headers: Object.fromEntries(mail.headers.map((header) => [header.key, header.value])),
        }),
      );
      if (!wish.silentAfterData) callback(null, "taken");
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(`port ${server.server.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
