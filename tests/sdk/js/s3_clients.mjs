// Uploads and downloads with the SDK as it is by default: ENDPOINT ACCOUNT BUCKET FILE. Of every object that it writes the test reads the
// key, of FILE.js what came back.
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const [endpoint, account, bucket, file] = process.argv.slice(2);
const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: account, secretAccessKey: 'test' } });
const small = readFileSync(file).subarray(0, 100_000);
const put = (Key, Body, more) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
const upload = (Key, Body) => new Upload({ client: s3, params: { Bucket: bucket, Key, Body }, queueSize: 8 }).done();

await put('js known', small);
await put('js gzip', small, { ContentEncoding: 'gzip' });
await put('js stream', Readable.from([small.subarray(0, 50_000), small.subarray(50_000)]), { ContentLength: small.length });
await upload('js unknown', Readable.from([small]));
await upload('js large', createReadStream(file));
const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'js large' }));
await pipeline(got.Body, createWriteStream(file + '.js'));
