import { once } from 'node:events';
import net from 'node:net';

/** A mail server of a few lines: it takes every mail over, without a password, and keeps what it was told. */
export class MailServer {
  #server;
  #sockets = new Set();

  mails = [];

  static async start() {
    const m = new MailServer();
    m.#server = net.createServer((socket) => m.#serve(socket));
    m.#server.listen(0, '127.0.0.1');
    await once(m.#server, 'listening');
    m.port = m.#server.address().port;
    return m;
  }

  #serve(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    let text = '';
    let mail = null;
    socket.write('220 mail.test\r\n');
    socket.on('data', (part) => {
      text += part;
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (mail !== null && line !== '.') mail += `${line}\n`;
        else if (mail !== null) {
          this.mails.push(mail);
          mail = null;
          socket.write('250 kept\r\n');
        } else if (/^DATA$/i.test(line)) {
          mail = '';
          socket.write('354 go on\r\n');
        } else if (/^QUIT$/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 fine\r\n');
      }
    });
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
