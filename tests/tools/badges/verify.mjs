// Says as JSON whether a credential verifies, reading every address from one file and nothing from a network:
// node verify.mjs CREDENTIAL DOCUMENTS
import {readFile} from 'node:fs/promises';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const read = async path => JSON.parse(await readFile(path, 'utf8'));
const credential = await read(process.argv[2]);
const documents = await read(process.argv[3]);

const documentLoader = async url => {
  const document = documents[url];
  if(!document) {
    throw new Error(`Nothing is kept of ${url}.`);
  }
  return {contextUrl: null, documentUrl: url, document};
};

const suite = () => new DataIntegrityProof({cryptosuite});
const result = await vc.verifyCredential({
  credential,
  suite: suite(),
  documentLoader,
  checkStatus: options => checkStatus({
    ...options,
    documentLoader,
    suite: suite(),
    verifyBitstringStatusListCredential: true,
    verifyMatchingIssuers: true
  })
});
const messages = error =>
  error ? [error.message, ...(error.errors ?? []).flatMap(messages), ...messages(error.cause)] : [];
console.log(JSON.stringify({
  verified: result.verified,
  // A revoked credential has a good signature: what counts is the bit that its status entry names.
  revoked: (result.statusResult?.results ?? []).some(one => one.status === true),
  errors: [...messages(result.error), ...messages(result.statusResult?.error)]
}));
