import protobuf from 'protobufjs';

/**
 * The part of onnx.proto (ONNX IR, Apache-2.0, github.com/onnx/onnx) that a model of ours uses; field numbers are the standard's.
 */
const ONNX_PROTO = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5;
  string domain = 7;
}
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
}
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message TensorShapeProto { message Dimension { int64 dim_value = 1; } repeated Dimension dim = 1; }
message TypeProto { message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } Tensor tensor_type = 1; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;

const ModelProto = protobuf.parse(ONNX_PROTO, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** TensorProto.DataType. */
export const elementType = { f32: 1, i32: 6, i64: 7, bool: 9 } as const;
export type ElementType = keyof typeof elementType;

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly opType: string;
  readonly domain?: string | undefined;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

export interface OnnxInitializer extends OnnxValue {
  readonly bytes: Uint8Array;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
}

/** Opset 20 is the first with Gelu, and what ONNX Runtime has run since 1.17. */
const OPSET = 20;
const IR_VERSION = 9;

/** The model as the bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const graph = {
    name: 'vitrine',
    node: model.nodes.map(nodeMessage),
    input: model.inputs.map(valueMessage),
    output: model.outputs.map(valueMessage),
    initializer: model.initializers.map(({ name, type, dims, bytes }) => ({
      name,
      dims: [...dims],
      data_type: elementType[type],
      raw_data: bytes,
    })),
  };
  const opsets = [
    { domain: '', version: OPSET },
    { domain: 'com.microsoft', version: 1 },
  ];
  const message = { ir_version: IR_VERSION, producer_name: 'vitrine', graph, opset_import: opsets };
  return ModelProto.encode(message).finish();
}

function nodeMessage({ opType, domain = '', inputs, outputs, attributes }: OnnxNode, index: number) {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeMessage(name, value));
  return {
    op_type: opType,
    domain,
    name: `${opType}_${index}`,
    input: [...inputs],
    output: [...outputs],
    attribute,
  };
}

/** AttributeProto.AttributeType: FLOAT 1, INT 2, STRING 3, INTS 7. */
function attributeMessage(name: string, value: OnnxAttribute) {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: [...value] };
}

function valueMessage({ name, type, dims }: OnnxValue) {
  const shape = { dim: dims.map((n) => ({ dim_value: n })) };
  return { name, type: { tensor_type: { elem_type: elementType[type], shape } } };
}
