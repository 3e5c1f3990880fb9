// Runs a Node.js function: loads the handler, then loops over the Runtime API. Kept small, because every cold start pays for it:
// so it speaks HTTP/1.1 over one plain socket instead of loading an HTTP client.
import { connect } from 'node:net';
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatWithOptions, inspect } from 'node:util';
import { writeSync } from 'node:fs';

const env = process.env;
const prefix = '/2018-06-01/runtime/';
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');

// ---- the connection -------------------------------------------------------------------------------------------------

let socket;
let received = Buffer.alloc(0);
let answered;  // {resolve, reject} of the request under way

function open() {
  socket = connect({ host, port: Number(port), noDelay: true });
  socket.on('data', (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk;
    parse();
  });
  const lost = () => process.exit(0);  // the emulator is gone, or wants this environment to end
  socket.on('error', lost);
  socket.on('close', lost);
}

function parse() {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return;
  const lines = received.toString('latin1', 0, end).split('\r\n');
  const headers = {};
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const length = Number(headers['content-length'] || 0);
  if (received.length < end + 4 + length) return;
  const body = received.subarray(end + 4, end + 4 + length);
  received = received.subarray(end + 4 + length);
  const { resolve } = answered;
  answered = undefined;
  resolve({ status: Number(lines[0].split(' ')[1]), headers, body });
}

function request(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    answered = { resolve, reject };
    let head = `${method} ${prefix}${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    if (body === undefined) return socket.write(head + '\r\n');
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    socket.cork();
    socket.write(`${head}Content-Length: ${bytes.length}\r\n\r\n`);
    socket.write(bytes);
    socket.uncork();
  });
}

// ---- logging --------------------------------------------------------------------------------------------------------

let requestId;
const json = env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const levels = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const threshold = json ? levels[env.AWS_LAMBDA_LOG_LEVEL] ?? 2 : 0;

// One message is one line: newlines inside travel as carriage returns.
function emit(line) {
  let bytes = Buffer.from(line.replace(/\r?\n/g, '\r') + '\n');
  while (bytes.length) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (e) {
      if (e.code !== 'EAGAIN') return;
    }
  }
}

function log(level, args) {
  if (levels[level] < threshold) return;
  const time = new Date().toISOString();
  if (!json) return emit(`${time}\t${requestId ?? 'undefined'}\t${level}\t${formatWithOptions({}, ...args)}`);
  const record = { timestamp: time, level, requestId };
  const error = args.find((a) => a instanceof Error);
  record.message = args.length === 1 && !error ? args[0] : formatWithOptions({}, ...args);
  if (error) {
    record.errorType = error.name;
    record.errorMessage = error.message;
    record.stackTrace = String(error.stack).split('\n').slice(1).map((l) => l.trim());
  }
  let text;
  try {
    text = JSON.stringify(record);
  } catch {
    text = JSON.stringify({ ...record, message: inspect(args[0]) });
  }
  emit(text);
}

for (const [name, level] of [['log', 'INFO'], ['trace', 'TRACE'], ['debug', 'DEBUG'], ['info', 'INFO'], ['warn', 'WARN'], ['error', 'ERROR'], ['fatal', 'FATAL']])
  console[name] = (...args) => log(level, args);

// ---- errors ---------------------------------------------------------------------------------------------------------

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function describe(error) {
  if (error instanceof Error || (error && typeof error === 'object' && 'message' in error && 'stack' in error))
    return { errorType: error.name ?? 'Error', errorMessage: error.message, trace: String(error.stack ?? '').split('\n') };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function logged(kind, error) {
  const shape = describe(error);
  const more = error && typeof error === 'object' ? Object.fromEntries(Object.entries(error).filter(([k]) => k !== 'name' && k !== 'message')) : {};
  if (json) log('ERROR', [error]);
  else {
    let text;
    try {
      text = JSON.stringify({ errorType: shape.errorType, errorMessage: shape.errorMessage, ...more, stack: shape.trace });
    } catch {
      text = JSON.stringify({ errorType: shape.errorType, errorMessage: shape.errorMessage, stack: shape.trace });
    }
    log('ERROR', [`${kind} \t${text}`]);
  }
  return shape;
}

function typeHeader(shape) {
  return { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': String(shape.errorType).replace(/[^\x20-\x7e]/g, '?') };
}

async function die(kind, error, code) {
  const shape = logged(kind, error);
  // A request may be under way on the one connection: what comes now takes a connection of its own.
  answered = undefined;
  socket.removeAllListeners();
  received = Buffer.alloc(0);
  open();
  const path = requestId ? `invocation/${requestId}/error` : 'init/error';
  await request('POST', path, JSON.stringify(shape), typeHeader(shape));
  process.exit(code);
}

process.on('uncaughtException', (error) => die('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', reason instanceof Error ? reason.toString() : String(reason));
  error.reason = reason;
  error.stack = reason?.stack ?? error.stack;
  die('Unhandled Promise Rejection', error, 128);
});

// ---- the handler ----------------------------------------------------------------------------------------------------

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
globalThis.awslambda = {
  streamifyResponse(handler, options) {
    handler[streaming] = options?.highWaterMark === undefined ? 'response' : options;
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

function isModule(file) {
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (dir === dirname(dir) || basename(dir) === 'node_modules') return false;
  }
}

async function loadModule(root, name) {
  const require = createRequire(join(root, 'index.js'));
  const base = resolve(root, name);
  if (existsSync(base) && !existsSync(base + '.js') && !existsSync(base + '.mjs') && !existsSync(base + '.cjs') && basename(base).includes('.')) return require(base);
  if (existsSync(base + '.js')) return isModule(base + '.js') ? import(pathToFileURL(base + '.js').href) : require(base + '.js');
  if (existsSync(base + '.mjs')) return import(pathToFileURL(base + '.mjs').href);
  if (existsSync(base + '.cjs')) return require(base + '.cjs');
  return require(require.resolve(name, { paths: [root, dirname(base)] }));
}

async function loadHandler() {
  const root = env.LAMBDA_TASK_ROOT;
  const full = env._HANDLER ?? '';
  const file = basename(full);
  const folder = full.slice(0, full.length - file.length);
  const dot = file.indexOf('.');
  if (dot <= 0 || dot === file.length - 1 || full.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', full.includes('..') ? `'${full}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.` : 'Bad handler');
  const moduleName = folder + file.slice(0, dot);
  let module;
  try {
    module = await loadModule(root, moduleName);
  } catch (e) {
    if (e instanceof SyntaxError) throw Object.assign(new RuntimeError('Runtime.UserCodeSyntaxError', String(e)), { stack: e.stack });
    if (e?.code === 'MODULE_NOT_FOUND' || e?.code === 'ERR_MODULE_NOT_FOUND') {
      const missing = e.code === 'MODULE_NOT_FOUND' && String(e.message).startsWith(`Cannot find module '${moduleName}'`);
      throw Object.assign(new RuntimeError('Runtime.ImportModuleError', missing ? `Error: Cannot find module '${moduleName.replace(/^.*\//, '')}'\nRequire stack:\n- ${env.LAMBDA_RUNTIME_DIR}/index.mjs` : String(e)), { stack: e.stack });
    }
    throw e;
  }
  let handler = module;
  for (const part of file.slice(dot + 1).split('.')) handler = handler?.[part] ?? handler?.default?.[part];
  if (handler === undefined || handler === null) throw new RuntimeError('Runtime.HandlerNotFound', `${full} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${full} is not a function`);
  return handler;
}

// ---- one event ------------------------------------------------------------------------------------------------------

function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parsed = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed('lambda-runtime-client-context'),
    identity: parsed('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// A response stream that collects: what a buffered Invoke of a streaming handler answers.
async function makeStream() {
  const { PassThrough } = await import('node:stream');
  const stream = new PassThrough({ highWaterMark: 1 << 30 });
  const chunks = [];
  stream.on('data', (c) => chunks.push(c));
  stream.setContentType = (type) => { stream.contentType = type; };
  stream.collected = () => Buffer.concat(chunks);
  return stream;
}

async function runStreaming(handler, event, context) {
  const stream = await makeStream();
  const finished = new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
  const result = handler(event, stream, context);
  await result;
  if (!stream.writableEnded) throw new RuntimeError('Runtime.NodeJsExit', 'The response stream was not ended');
  await finished;
  return { body: stream.collected(), headers: { 'Content-Type': stream.contentType ?? 'application/octet-stream', 'Lambda-Runtime-Function-Response-Mode': 'streaming' } };
}

// Settles with the handler's result, whichever way it gives it: a promise, the callback, or the loop running empty.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    let pending = false;
    let called;
    const empty = () => {
      if (called) resolve(called.value);
      else if (pending) reject(new RuntimeError('Runtime.NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes'));
      else resolve(null);
    };
    process.once('beforeExit', empty);
    const settle = (f) => (value) => {
      process.removeListener('beforeExit', empty);
      f(value);
    };
    const succeed = settle(resolve);
    const fail = settle(reject);
    const callback = (error, value) => {
      if (called) return;
      if (error !== undefined && error !== null) return fail(error);
      called = { value };
      if (!context.callbackWaitsForEmptyEventLoop) succeed(value);
    };
    context.succeed = (value) => succeed(value);
    context.fail = (error) => fail(error);
    context.done = callback;
    try {
      const result = handler(event, context, callback);
      if (typeof result?.then === 'function') {
        pending = true;
        result.then(succeed, fail);
      }
    } catch (e) {
      fail(e);
    }
  });
}

async function answer(handler, headers, body) {
  const context = makeContext(headers);
  requestId = context.awsRequestId;
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  let sent;
  // While the function runs, only its own work keeps the event loop alive.
  socket.unref();
  try {
    const event = JSON.parse(body.toString());
    if (handler[streaming]) {
      sent = await runStreaming(handler, event, context);
    } else {
      const value = await run(handler, event, context);
      let text;
      try {
        text = JSON.stringify(value === undefined ? null : value);
      } catch {
        throw new RuntimeError('Runtime.MarshalError', 'Unable to stringify response body');
      }
      sent = { body: text ?? 'null', headers: { 'Content-Type': 'application/json' } };
    }
  } catch (e) {
    const shape = logged('Invoke Error', e);
    sent = { error: true, body: JSON.stringify(shape), headers: typeHeader(shape) };
  }
  socket.ref();
  const id = requestId;
  await request('POST', `invocation/${id}/${sent.error ? 'error' : 'response'}`, sent.body, sent.headers);
  requestId = undefined;
}

open();
let handler;
try {
  handler = await loadHandler();
} catch (e) {
  await die('Uncaught Exception', e, 1);
}
for (;;) {
  const event = await request('GET', 'invocation/next');
  if (event.status !== 200) process.exit(0);
  await answer(handler, event.headers, event.body);
}
