/** What a sample is filled with. The key is never known here: samples read it from the environment. */
export interface Sampled {
  base: string
  appID: string
  /** The App ID is one of who runs the installation: the organisation is named and signed too. */
  provider: boolean
}

/** What stands in a sample only where the organisation is named. */
const where = (provider: boolean, text: string) => (provider ? text : '')

export interface Sample {
  id: string
  name: string
  code: (s: Sampled) => string
}

const path = '/v2/usg/acs/auth/appauth'

const java = ({ base, appID, provider }: Sampled) => `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Login {
  public static void main(String[] args) throws Exception {
    String appId = "${appID}";
    String appKey = System.getenv("APP_KEY");
    String userId = "alice";${where(provider, '\n    String corpId = "acme";')}
    long expireTime = Instant.now().getEpochSecond() + 300;
    String nonce = UUID.randomUUID().toString().replace("-", "");

    String text = appId + ":"${where(provider, ' + corpId + ":"')} + userId + ":" + expireTime + ":" + nonce;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(appKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    StringBuilder signature = new StringBuilder();
    for (byte b : mac.doFinal(text.getBytes(StandardCharsets.UTF_8))) signature.append(String.format("%02x", b));

    String access = Base64.getEncoder().encodeToString(appId.getBytes(StandardCharsets.UTF_8));
    String body = String.format(
        "{\\"appId\\":\\"%s\\",\\"clientType\\":72,\\"expireTime\\":%d,\\"nonce\\":\\"%s\\",${where(provider, '\\"corpId\\":\\"%s\\",')}\\"userId\\":\\"%s\\"}",
        appId, expireTime, nonce, ${where(provider, 'corpId, ')}userId);
    HttpRequest request = HttpRequest.newBuilder(URI.create("${base}${path}"))
        .header("Content-Type", "application/json")
        .header("X-Token-Type", "LongTicket")
        .header("Authorization", "HMAC-SHA256 signature=" + signature + ",access=" + access)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.statusCode() + " " + answer.body());
  }
}`

const python = ({ base, appID, provider }: Sampled) => `import base64, hashlib, hmac, json, os, secrets, time
from urllib.request import Request, urlopen

app_id, app_key = "${appID}", os.environ["APP_KEY"]
user_id, nonce, expire_time = "alice", secrets.token_hex(20), int(time.time()) + 300${where(provider, '\ncorp_id = "acme"')}

text = f"{app_id}:${where(provider, '{corp_id}:')}{user_id}:{expire_time}:{nonce}"
signature = hmac.new(app_key.encode(), text.encode(), hashlib.sha256).hexdigest()
access = base64.b64encode(app_id.encode()).decode()

body = {"appId": app_id, "clientType": 72, "expireTime": expire_time, "nonce": nonce, ${where(provider, '"corpId": corp_id, ')}"userId": user_id}
request = Request("${base}${path}", json.dumps(body).encode(), {
    "Content-Type": "application/json",
    "X-Token-Type": "LongTicket",
    "Authorization": f"HMAC-SHA256 signature={signature},access={access}",
})
print(urlopen(request).read().decode())`

const javascript = ({ base, appID, provider }: Sampled) => `import { createHmac, randomBytes } from 'node:crypto'

const appId = '${appID}'
const appKey = process.env.APP_KEY
const userId = 'alice'${where(provider, "\nconst corpId = 'acme'")}
const nonce = randomBytes(20).toString('hex')
const expireTime = Math.floor(Date.now() / 1000) + 300

const text = [appId, ${where(provider, 'corpId, ')}userId, expireTime, nonce].join(':')
const signature = createHmac('sha256', appKey).update(text).digest('hex')
const access = Buffer.from(appId).toString('base64')

const answer = await fetch('${base}${path}', {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    'X-Token-Type': 'LongTicket',
    Authorization: \`HMAC-SHA256 signature=\${signature},access=\${access}\`,
  },
  body: JSON.stringify({ appId, clientType: 72, expireTime, nonce, ${where(provider, 'corpId, ')}userId }),
})
console.log(answer.status, await answer.text())`

const go = ({ base, appID, provider }: Sampled) => `package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	const appID, ${where(provider, 'corpID, ')}userID = "${appID}", ${where(provider, '"acme", ')}"alice"
	nonce, expireTime := rand.Text()+rand.Text(), time.Now().Unix()+300

	mac := hmac.New(sha256.New, []byte(os.Getenv("APP_KEY")))
	fmt.Fprintf(mac, "%s:%s:${where(provider, '%s:')}%d:%s", appID, ${where(provider, 'corpID, ')}userID, expireTime, nonce)
	access := base64.StdEncoding.EncodeToString([]byte(appID))

	body, _ := json.Marshal(map[string]any{
		"appId": appID, "clientType": 72, "expireTime": expireTime, "nonce": nonce, ${where(provider, '"corpId": corpID, ')}"userId": userID,
	})
	request, _ := http.NewRequest("POST", "${base}${path}", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Token-Type", "LongTicket")
	request.Header.Set("Authorization", fmt.Sprintf("HMAC-SHA256 signature=%x,access=%s", mac.Sum(nil), access))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.Status, string(text))
}`

const cpp = ({ base, appID, provider }: Sampled) => `// c++ -std=c++17 login.cpp -lcrypto
// Send what it prints with your HTTP library, or as it is with a shell.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

std::string hex(const unsigned char* bytes, size_t count) {
  std::string text;
  char two[3];
  for (size_t i = 0; i < count; ++i) {
    std::snprintf(two, sizeof two, "%02x", bytes[i]);
    text += two;
  }
  return text;
}

int main() {
  const std::string app_id = "${appID}", user_id = "alice"${where(provider, ', corp_id = "acme"')};
  const std::string app_key = std::getenv("APP_KEY");
  const std::string expire_time = std::to_string(std::time(nullptr) + 300);
  unsigned char random[20];
  RAND_bytes(random, sizeof random);
  const std::string nonce = hex(random, sizeof random);

  const std::string text = app_id + ":"${where(provider, ' + corp_id + ":"')} + user_id + ":" + expire_time + ":" + nonce;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), app_key.data(), static_cast<int>(app_key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
  unsigned char access[64];
  EVP_EncodeBlock(access, reinterpret_cast<const unsigned char*>(app_id.data()), static_cast<int>(app_id.size()));

  std::printf("curl ${base}${path} -H 'Content-Type: application/json' -H 'X-Token-Type: LongTicket' "
              "-H 'Authorization: HMAC-SHA256 signature=%s,access=%s' "
              "-d '{\\"appId\\":\\"%s\\",\\"clientType\\":72,\\"expireTime\\":%s,\\"nonce\\":\\"%s\\",${where(provider, '\\"corpId\\":\\"%s\\",')}\\"userId\\":\\"%s\\"}'\\n",
              hex(digest, length).c_str(), reinterpret_cast<const char*>(access), app_id.c_str(), expire_time.c_str(),
              nonce.c_str(), ${where(provider, 'corp_id.c_str(), ')}user_id.c_str());
}`

const curl = ({ base, appID, provider }: Sampled) => `APP_ID=${appID}
USER_ID=alice${where(provider, '\nCORP_ID=acme')}
EXPIRE=$(( $(date +%s) + 300 ))
NONCE=$(openssl rand -hex 20)
SIGNATURE=$(printf %s "$APP_ID:${where(provider, '$CORP_ID:')}$USER_ID:$EXPIRE:$NONCE" | openssl dgst -sha256 -hmac "$APP_KEY" | sed 's/^.* //')
curl -sS ${base}${path} \\
  -H 'Content-Type: application/json' -H 'X-Token-Type: LongTicket' \\
  -H "Authorization: HMAC-SHA256 signature=$SIGNATURE,access=$(printf %s "$APP_ID" | base64)" \\
  -d "{\\"appId\\":\\"$APP_ID\\",\\"clientType\\":72,\\"expireTime\\":$EXPIRE,\\"nonce\\":\\"$NONCE\\",${where(provider, '\\"corpId\\":\\"$CORP_ID\\",')}\\"userId\\":\\"$USER_ID\\"}"`

const orgate = ({ base, appID, provider }: Sampled) => `# prints the string, the signature, the header and a ready curl command
orgate sign --app-id ${appID} --app-key env:APP_KEY --user-id alice${where(provider, ' --mode sp --corp-id acme')} --server ${base}`

/** A login in the languages that integrators write, with nothing but what comes with the language (C++: OpenSSL). */
export const samples: readonly Sample[] = [
  { id: 'java', name: 'Java', code: java },
  { id: 'python', name: 'Python', code: python },
  { id: 'javascript', name: 'JavaScript', code: javascript },
  { id: 'go', name: 'Go', code: go },
  { id: 'cpp', name: 'C++', code: cpp },
  { id: 'curl', name: 'curl', code: curl },
  { id: 'orgate', name: 'orgate sign', code: orgate },
]
