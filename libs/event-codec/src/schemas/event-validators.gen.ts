// @ts-nocheck
/* eslint-disable */
// GENERATED from schemas/events by libs/event-codec/tools/event-schemas.mjs: do not edit.
const ActConfirmed_v1 = validate10;
const pattern0 = new RegExp("^0x[0-9a-fA-F]{40}$", "u");
const pattern1 = new RegExp("^0x([0-9a-f]{2})*$", "u");
const pattern3 = new RegExp("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ActConfirmed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.address === undefined) && (missing0 = "address")) || ((data.act === undefined) && (missing0 = "act"))) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.signature === undefined) && (missing0 = "signature"))) || ((data.at === undefined) && (missing0 = "at"))){
validate10.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "address") || (key0 === "act")) || (key0 === "digest")) || (key0 === "signature")) || (key0 === "at"))){
validate10.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate10.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.act !== undefined){
const _errs5 = errors;
if(typeof data.act !== "string"){
validate10.errors = [{instancePath:instancePath+"/act",schemaPath:"#/properties/act/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data2 = data.digest;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate10.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signature !== undefined){
let data3 = data.signature;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
validate10.errors = [{instancePath:instancePath+"/signature",schemaPath:"#/properties/signature/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/signature",schemaPath:"#/properties/signature/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate10.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate10.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate10.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate10.errors = vErrors;
return errors === 0;
}

const ApiKeyCreated_v1 = validate11;
const schema12 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ApiKeyCreated.v1","title":"The data of ApiKeyCreated, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"keyId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"secretHash":{"type":"string","description":"SHA-256 of its secret, which is random.","pattern":"^0x([0-9a-f]{2})*$"},"scopes":{"type":"array","items":{"type":"string","enum":["COMMANDS","READ_INTERNAL"],"description":"`COMMANDS`: gives commands to a chain; `READ_INTERNAL`: reads what the person's roles let them read."},"description":"Beside reading what anybody reads, and what the person reads of themselves."},"expiresAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","keyId","secretHash","scopes","expiresAt","at"],"additionalProperties":false};
const pattern5 = new RegExp("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ApiKeyCreated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.address === undefined) && (missing0 = "address")) || ((data.keyId === undefined) && (missing0 = "keyId"))) || ((data.secretHash === undefined) && (missing0 = "secretHash"))) || ((data.scopes === undefined) && (missing0 = "scopes"))) || ((data.expiresAt === undefined) && (missing0 = "expiresAt"))) || ((data.at === undefined) && (missing0 = "at"))){
validate11.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "address") || (key0 === "keyId")) || (key0 === "secretHash")) || (key0 === "scopes")) || (key0 === "expiresAt")) || (key0 === "at"))){
validate11.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate11.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.keyId !== undefined){
let data1 = data.keyId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate11.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.secretHash !== undefined){
let data2 = data.secretHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate11.errors = [{instancePath:instancePath+"/secretHash",schemaPath:"#/properties/secretHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/secretHash",schemaPath:"#/properties/secretHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.scopes !== undefined){
let data3 = data.scopes;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data3)){
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
const _errs11 = errors;
if(typeof data4 !== "string"){
validate11.errors = [{instancePath:instancePath+"/scopes/" + i0,schemaPath:"#/properties/scopes/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data4 === "COMMANDS") || (data4 === "READ_INTERNAL"))){
validate11.errors = [{instancePath:instancePath+"/scopes/" + i0,schemaPath:"#/properties/scopes/items/enum",keyword:"enum",params:{allowedValues: schema12.properties.scopes.items.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid1 = _errs11 === errors;
if(!valid1){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/scopes",schemaPath:"#/properties/scopes/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.expiresAt !== undefined){
let data5 = data.expiresAt;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern3.test(data5)){
validate11.errors = [{instancePath:instancePath+"/expiresAt",schemaPath:"#/properties/expiresAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/expiresAt",schemaPath:"#/properties/expiresAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data6 = data.at;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern3.test(data6)){
validate11.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate11.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate11.errors = vErrors;
return errors === 0;
}

const ApiKeyEnded_v1 = validate12;
const schema13 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ApiKeyEnded.v1","title":"The data of ApiKeyEnded, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"keyId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"why":{"type":"string","enum":["SIGNED_OUT_EVERYWHERE","BY_OPERATOR","TOKEN_REPLAYED","SESSION_REVOKED"],"description":"The person ended all their sessions and keys (`SIGNED_OUT_EVERYWHERE`); an operator ended it (`BY_OPERATOR`); or it was made since a session began of which two had the refresh tokens (`TOKEN_REPLAYED`), or which the person ended from another (`SESSION_REVOKED`)."},"endedBy":{"type":"string","description":"The person's address, an operator's, or `operator:<name>` at the machine itself."},"reason":{"type":["string","null"],"description":"An operator's; null where none ended it."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","keyId","why","endedBy","reason","at"],"additionalProperties":false};

function validate12(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ApiKeyEnded.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.address === undefined) && (missing0 = "address")) || ((data.keyId === undefined) && (missing0 = "keyId"))) || ((data.why === undefined) && (missing0 = "why"))) || ((data.endedBy === undefined) && (missing0 = "endedBy"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.at === undefined) && (missing0 = "at"))){
validate12.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "address") || (key0 === "keyId")) || (key0 === "why")) || (key0 === "endedBy")) || (key0 === "reason")) || (key0 === "at"))){
validate12.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate12.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate12.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.keyId !== undefined){
let data1 = data.keyId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate12.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate12.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.why !== undefined){
let data2 = data.why;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate12.errors = [{instancePath:instancePath+"/why",schemaPath:"#/properties/why/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((data2 === "SIGNED_OUT_EVERYWHERE") || (data2 === "BY_OPERATOR")) || (data2 === "TOKEN_REPLAYED")) || (data2 === "SESSION_REVOKED"))){
validate12.errors = [{instancePath:instancePath+"/why",schemaPath:"#/properties/why/enum",keyword:"enum",params:{allowedValues: schema13.properties.why.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.endedBy !== undefined){
const _errs9 = errors;
if(typeof data.endedBy !== "string"){
validate12.errors = [{instancePath:instancePath+"/endedBy",schemaPath:"#/properties/endedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data4 = data.reason;
const _errs11 = errors;
if((typeof data4 !== "string") && (data4 !== null)){
validate12.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: schema13.properties.reason.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data5 = data.at;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern3.test(data5)){
validate12.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate12.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate12.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate12.errors = vErrors;
return errors === 0;
}

const ApiKeyRateSet_v1 = validate13;
const schema14 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ApiKeyRateSet.v1","title":"The data of ApiKeyRateSet, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"keyId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"rateClass":{"type":"string","enum":["SHARED","RAISED"],"description":"`SHARED`: counts with all else of its person, as each does at first; `RAISED`: by itself, and asks more often."},"setBy":{"type":"string","description":"An address."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","keyId","rateClass","setBy","reason","at"],"additionalProperties":false};

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ApiKeyRateSet.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.address === undefined) && (missing0 = "address")) || ((data.keyId === undefined) && (missing0 = "keyId"))) || ((data.rateClass === undefined) && (missing0 = "rateClass"))) || ((data.setBy === undefined) && (missing0 = "setBy"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.at === undefined) && (missing0 = "at"))){
validate13.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "address") || (key0 === "keyId")) || (key0 === "rateClass")) || (key0 === "setBy")) || (key0 === "reason")) || (key0 === "at"))){
validate13.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate13.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate13.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.keyId !== undefined){
let data1 = data.keyId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate13.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate13.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rateClass !== undefined){
let data2 = data.rateClass;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate13.errors = [{instancePath:instancePath+"/rateClass",schemaPath:"#/properties/rateClass/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data2 === "SHARED") || (data2 === "RAISED"))){
validate13.errors = [{instancePath:instancePath+"/rateClass",schemaPath:"#/properties/rateClass/enum",keyword:"enum",params:{allowedValues: schema14.properties.rateClass.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.setBy !== undefined){
const _errs9 = errors;
if(typeof data.setBy !== "string"){
validate13.errors = [{instancePath:instancePath+"/setBy",schemaPath:"#/properties/setBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs11 = errors;
if(typeof data.reason !== "string"){
validate13.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data5 = data.at;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern3.test(data5)){
validate13.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate13.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate13.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate13.errors = vErrors;
return errors === 0;
}

const ApiKeyRevoked_v1 = validate14;

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ApiKeyRevoked.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.address === undefined) && (missing0 = "address")) || ((data.keyId === undefined) && (missing0 = "keyId"))) || ((data.at === undefined) && (missing0 = "at"))){
validate14.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "address") || (key0 === "keyId")) || (key0 === "at"))){
validate14.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate14.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate14.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.keyId !== undefined){
let data1 = data.keyId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate14.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate14.errors = [{instancePath:instancePath+"/keyId",schemaPath:"#/properties/keyId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate14.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate14.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate14.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate14.errors = vErrors;
return errors === 0;
}

const Approval_v1 = validate15;
const pattern20 = new RegExp("^(0|[1-9][0-9]{0,77})$", "u");
const pattern23 = new RegExp("^0x[0-9a-f]{64}$", "u");

function validate15(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Approval.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.owner === undefined) && (missing0 = "owner"))) || ((data.spender === undefined) && (missing0 = "spender"))){
validate15.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "owner") || (key0 === "spender")) || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate15.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.owner !== undefined){
let data0 = data.owner;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate15.errors = [{instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.spender !== undefined){
let data1 = data.spender;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate15.errors = [{instancePath:instancePath+"/spender",schemaPath:"#/properties/spender/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/spender",schemaPath:"#/properties/spender/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data2 = data.amount;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate15.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate15.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate15.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate15.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate15.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate15.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate15.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate15.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate15.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate15.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate15.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate15.errors = vErrors;
return errors === 0;
}

const BlockIngested_v1 = validate16;
const schema17 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"BlockIngested.v1","title":"The data of BlockIngested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"number":{"type":"integer","description":"Number of a block.","minimum":0},"hash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"parentHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"time":{"type":"integer","description":"Seconds since the epoch, as the chain counts.","minimum":0},"facts":{"type":"integer","description":"How many facts of this block stand before this one.","minimum":0},"commandIds":{"type":"array","items":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"description":"The command ids that transactions of this block carried, whatever came of them."},"proof":{"type":"string","enum":["NONE","BLOOM","RECEIPTS"],"description":"What shows that no log of the block is missing. NONE: nothing but the provider's word. BLOOM: no log that the header's bloom filter rules out, and one for each that it promises. RECEIPTS: the receipts give the header's root."},"providers":{"type":"integer","description":"How many providers gave the same block.","minimum":0}},"required":["number","hash","parentHash","time","facts","commandIds","proof","providers"],"additionalProperties":false};

function validate16(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="BlockIngested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.number === undefined) && (missing0 = "number")) || ((data.hash === undefined) && (missing0 = "hash"))) || ((data.parentHash === undefined) && (missing0 = "parentHash"))) || ((data.time === undefined) && (missing0 = "time"))) || ((data.facts === undefined) && (missing0 = "facts"))) || ((data.commandIds === undefined) && (missing0 = "commandIds"))) || ((data.proof === undefined) && (missing0 = "proof"))) || ((data.providers === undefined) && (missing0 = "providers"))){
validate16.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "number") || (key0 === "hash")) || (key0 === "parentHash")) || (key0 === "time")) || (key0 === "facts")) || (key0 === "commandIds")) || (key0 === "proof")) || (key0 === "providers"))){
validate16.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.number !== undefined){
let data0 = data.number;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate16.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate16.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hash !== undefined){
let data1 = data.hash;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate16.errors = [{instancePath:instancePath+"/hash",schemaPath:"#/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate16.errors = [{instancePath:instancePath+"/hash",schemaPath:"#/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parentHash !== undefined){
let data2 = data.parentHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern23.test(data2)){
validate16.errors = [{instancePath:instancePath+"/parentHash",schemaPath:"#/properties/parentHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate16.errors = [{instancePath:instancePath+"/parentHash",schemaPath:"#/properties/parentHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.time !== undefined){
let data3 = data.time;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate16.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate16.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.facts !== undefined){
let data4 = data.facts;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate16.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate16.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandIds !== undefined){
let data5 = data.commandIds;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data5)){
var valid1 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern5.test(data6)){
validate16.errors = [{instancePath:instancePath+"/commandIds/" + i0,schemaPath:"#/properties/commandIds/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate16.errors = [{instancePath:instancePath+"/commandIds/" + i0,schemaPath:"#/properties/commandIds/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs15 === errors;
if(!valid1){
break;
}
}
}
else {
validate16.errors = [{instancePath:instancePath+"/commandIds",schemaPath:"#/properties/commandIds/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proof !== undefined){
let data7 = data.proof;
const _errs17 = errors;
if(typeof data7 !== "string"){
validate16.errors = [{instancePath:instancePath+"/proof",schemaPath:"#/properties/proof/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data7 === "NONE") || (data7 === "BLOOM")) || (data7 === "RECEIPTS"))){
validate16.errors = [{instancePath:instancePath+"/proof",schemaPath:"#/properties/proof/enum",keyword:"enum",params:{allowedValues: schema17.properties.proof.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.providers !== undefined){
let data8 = data.providers;
const _errs19 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate16.errors = [{instancePath:instancePath+"/providers",schemaPath:"#/properties/providers/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs19){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
validate16.errors = [{instancePath:instancePath+"/providers",schemaPath:"#/properties/providers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate16.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate16.errors = vErrors;
return errors === 0;
}

const BlocksFinalized_v1 = validate17;

function validate17(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="BlocksFinalized.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.number === undefined) && (missing0 = "number")) || ((data.hash === undefined) && (missing0 = "hash"))){
validate17.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "number") || (key0 === "hash"))){
validate17.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.number !== undefined){
let data0 = data.number;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate17.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate17.errors = [{instancePath:instancePath+"/number",schemaPath:"#/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hash !== undefined){
let data1 = data.hash;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate17.errors = [{instancePath:instancePath+"/hash",schemaPath:"#/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate17.errors = [{instancePath:instancePath+"/hash",schemaPath:"#/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate17.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate17.errors = vErrors;
return errors === 0;
}

const BlocksReverted_v1 = validate18;

function validate18(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="BlocksReverted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.fromNumber === undefined) && (missing0 = "fromNumber")) || ((data.toNumber === undefined) && (missing0 = "toNumber"))) || ((data.hashes === undefined) && (missing0 = "hashes"))) || ((data.ancestor === undefined) && (missing0 = "ancestor"))){
validate18.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "fromNumber") || (key0 === "toNumber")) || (key0 === "hashes")) || (key0 === "ancestor"))){
validate18.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.fromNumber !== undefined){
let data0 = data.fromNumber;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate18.errors = [{instancePath:instancePath+"/fromNumber",schemaPath:"#/properties/fromNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate18.errors = [{instancePath:instancePath+"/fromNumber",schemaPath:"#/properties/fromNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.toNumber !== undefined){
let data1 = data.toNumber;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate18.errors = [{instancePath:instancePath+"/toNumber",schemaPath:"#/properties/toNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate18.errors = [{instancePath:instancePath+"/toNumber",schemaPath:"#/properties/toNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hashes !== undefined){
let data2 = data.hashes;
const _errs7 = errors;
if(errors === _errs7){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern23.test(data3)){
validate18.errors = [{instancePath:instancePath+"/hashes/" + i0,schemaPath:"#/properties/hashes/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate18.errors = [{instancePath:instancePath+"/hashes/" + i0,schemaPath:"#/properties/hashes/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs9 === errors;
if(!valid1){
break;
}
}
}
else {
validate18.errors = [{instancePath:instancePath+"/hashes",schemaPath:"#/properties/hashes/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.ancestor !== undefined){
let data4 = data.ancestor;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((data4.number === undefined) && (missing1 = "number")) || ((data4.hash === undefined) && (missing1 = "hash"))){
validate18.errors = [{instancePath:instancePath+"/ancestor",schemaPath:"#/properties/ancestor/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!((key1 === "number") || (key1 === "hash"))){
validate18.errors = [{instancePath:instancePath+"/ancestor",schemaPath:"#/properties/ancestor/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.number !== undefined){
let data5 = data4.number;
const _errs14 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate18.errors = [{instancePath:instancePath+"/ancestor/number",schemaPath:"#/properties/ancestor/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
validate18.errors = [{instancePath:instancePath+"/ancestor/number",schemaPath:"#/properties/ancestor/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data4.hash !== undefined){
let data6 = data4.hash;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate18.errors = [{instancePath:instancePath+"/ancestor/hash",schemaPath:"#/properties/ancestor/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate18.errors = [{instancePath:instancePath+"/ancestor/hash",schemaPath:"#/properties/ancestor/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate18.errors = [{instancePath:instancePath+"/ancestor",schemaPath:"#/properties/ancestor/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate18.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate18.errors = vErrors;
return errors === 0;
}

const ChainHalted_v1 = validate19;
const schema20 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ChainHalted.v1","title":"The data of ChainHalted, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"haltId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"code":{"type":"string","enum":["REORG_TOO_DEEP","CHAIN_BEHIND","WRONG_CHAIN"],"description":"Why a chain stands. REORG_TOO_DEEP: its provider has another block in the place of a final one. CHAIN_BEHIND: the provider's newest block has been below ours for longer than a node lags. WRONG_CHAIN: the provider serves another chain."},"published":{"anyOf":[{"type":"integer","description":"Number of a block.","minimum":0},{"type":"null"}],"description":"Our newest block that was published; null where that is not known."},"head":{"anyOf":[{"type":"integer","description":"Number of a block.","minimum":0},{"type":"null"}],"description":"The newest block that the provider told; null where it told none."},"final":{"anyOf":[{"type":"object","properties":{"number":{"type":"integer","description":"Number of a block.","minimum":0},"hash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"required":["number","hash"],"additionalProperties":false},{"type":"null"}],"description":"Our newest final block; null before the first."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["haltId","code","published","head","final","at"],"additionalProperties":false};

function validate19(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ChainHalted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.haltId === undefined) && (missing0 = "haltId")) || ((data.code === undefined) && (missing0 = "code"))) || ((data.published === undefined) && (missing0 = "published"))) || ((data.head === undefined) && (missing0 = "head"))) || ((data.final === undefined) && (missing0 = "final"))) || ((data.at === undefined) && (missing0 = "at"))){
validate19.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "haltId") || (key0 === "code")) || (key0 === "published")) || (key0 === "head")) || (key0 === "final")) || (key0 === "at"))){
validate19.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.haltId !== undefined){
let data0 = data.haltId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate19.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate19.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
let data1 = data.code;
const _errs5 = errors;
if(typeof data1 !== "string"){
validate19.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data1 === "REORG_TOO_DEEP") || (data1 === "CHAIN_BEHIND")) || (data1 === "WRONG_CHAIN"))){
validate19.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/enum",keyword:"enum",params:{allowedValues: schema20.properties.code.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.published !== undefined){
let data2 = data.published;
const _errs7 = errors;
const _errs8 = errors;
let valid1 = false;
const _errs9 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err0 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs9){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
const err1 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs11 = errors;
if(data2 !== null){
const err2 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate19.errors = vErrors;
return false;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.head !== undefined){
let data3 = data.head;
const _errs13 = errors;
const _errs14 = errors;
let valid2 = false;
const _errs15 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err4 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(errors === _errs15){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
const err5 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
var _valid1 = _errs15 === errors;
valid2 = valid2 || _valid1;
if(!valid2){
const _errs17 = errors;
if(data3 !== null){
const err6 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs17 === errors;
valid2 = valid2 || _valid1;
}
if(!valid2){
const err7 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate19.errors = vErrors;
return false;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.final !== undefined){
let data4 = data.final;
const _errs19 = errors;
const _errs20 = errors;
let valid3 = false;
const _errs21 = errors;
if(errors === _errs21){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((data4.number === undefined) && (missing1 = "number")) || ((data4.hash === undefined) && (missing1 = "hash"))){
const err8 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
const _errs23 = errors;
for(const key1 in data4){
if(!((key1 === "number") || (key1 === "hash"))){
const err9 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
}
if(_errs23 === errors){
if(data4.number !== undefined){
let data5 = data4.number;
const _errs24 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err10 = {instancePath:instancePath+"/final/number",schemaPath:"#/properties/final/anyOf/0/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(errors === _errs24){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/final/number",schemaPath:"#/properties/final/anyOf/0/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
var valid4 = _errs24 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data4.hash !== undefined){
let data6 = data4.hash;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
const err12 = {instancePath:instancePath+"/final/hash",schemaPath:"#/properties/final/anyOf/0/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/final/hash",schemaPath:"#/properties/final/anyOf/0/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var valid4 = _errs26 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
const err14 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
var _valid2 = _errs21 === errors;
valid3 = valid3 || _valid2;
if(!valid3){
const _errs28 = errors;
if(data4 !== null){
const err15 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid2 = _errs28 === errors;
valid3 = valid3 || _valid2;
}
if(!valid3){
const err16 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
validate19.errors = vErrors;
return false;
}
else {
errors = _errs20;
if(vErrors !== null){
if(_errs20){
vErrors.length = _errs20;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data7 = data.at;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data7 === "string"){
if(!pattern3.test(data7)){
validate19.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate19.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate19.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate19.errors = vErrors;
return errors === 0;
}

const ChainHalted_v2 = validate20;
const schema21 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ChainHalted.v2","title":"The data of ChainHalted, version 2","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"haltId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"code":{"type":"string","enum":["REORG_TOO_DEEP","CHAIN_BEHIND","WRONG_CHAIN"],"description":"Why a chain stands. REORG_TOO_DEEP: its provider has another block in the place of a final one. CHAIN_BEHIND: the provider's newest block has been below ours for longer than a node lags. WRONG_CHAIN: the provider serves another chain."},"published":{"anyOf":[{"type":"integer","description":"Number of a block.","minimum":0},{"type":"null"}],"description":"Our newest block that was published; null where that is not known."},"head":{"anyOf":[{"type":"integer","description":"Number of a block.","minimum":0},{"type":"null"}],"description":"The newest block that the provider told; null where it told none."},"final":{"anyOf":[{"type":"object","properties":{"number":{"type":"integer","description":"Number of a block.","minimum":0},"hash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"required":["number","hash"],"additionalProperties":false},{"type":"null"}],"description":"Our newest final block; null before the first."},"seen":{"anyOf":[{"type":"object","properties":{"provider":{"type":"string","description":"A provider, by its URL without what may be a key."},"block":{"anyOf":[{"type":"object","properties":{"number":{"type":"integer","description":"Number of a block.","minimum":0},"hash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"required":["number","hash"],"additionalProperties":false},{"type":"null"}],"description":"The provider's block: the one in the place of our oldest that a reorg may take back, or its newest; null where none was looked at."}},"required":["provider","block"],"additionalProperties":false,"description":"Who has another chain than ours, and what of it was seen."},{"type":"null"}],"description":"Null where nobody told it."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["haltId","code","published","head","final","seen","at"],"additionalProperties":false};

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ChainHalted.v2" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.haltId === undefined) && (missing0 = "haltId")) || ((data.code === undefined) && (missing0 = "code"))) || ((data.published === undefined) && (missing0 = "published"))) || ((data.head === undefined) && (missing0 = "head"))) || ((data.final === undefined) && (missing0 = "final"))) || ((data.seen === undefined) && (missing0 = "seen"))) || ((data.at === undefined) && (missing0 = "at"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "haltId") || (key0 === "code")) || (key0 === "published")) || (key0 === "head")) || (key0 === "final")) || (key0 === "seen")) || (key0 === "at"))){
validate20.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.haltId !== undefined){
let data0 = data.haltId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate20.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
let data1 = data.code;
const _errs5 = errors;
if(typeof data1 !== "string"){
validate20.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data1 === "REORG_TOO_DEEP") || (data1 === "CHAIN_BEHIND")) || (data1 === "WRONG_CHAIN"))){
validate20.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/enum",keyword:"enum",params:{allowedValues: schema21.properties.code.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.published !== undefined){
let data2 = data.published;
const _errs7 = errors;
const _errs8 = errors;
let valid1 = false;
const _errs9 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err0 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs9){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
const err1 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs11 = errors;
if(data2 !== null){
const err2 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.head !== undefined){
let data3 = data.head;
const _errs13 = errors;
const _errs14 = errors;
let valid2 = false;
const _errs15 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err4 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(errors === _errs15){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
const err5 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
var _valid1 = _errs15 === errors;
valid2 = valid2 || _valid1;
if(!valid2){
const _errs17 = errors;
if(data3 !== null){
const err6 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs17 === errors;
valid2 = valid2 || _valid1;
}
if(!valid2){
const err7 = {instancePath:instancePath+"/head",schemaPath:"#/properties/head/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.final !== undefined){
let data4 = data.final;
const _errs19 = errors;
const _errs20 = errors;
let valid3 = false;
const _errs21 = errors;
if(errors === _errs21){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((data4.number === undefined) && (missing1 = "number")) || ((data4.hash === undefined) && (missing1 = "hash"))){
const err8 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
const _errs23 = errors;
for(const key1 in data4){
if(!((key1 === "number") || (key1 === "hash"))){
const err9 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
}
if(_errs23 === errors){
if(data4.number !== undefined){
let data5 = data4.number;
const _errs24 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err10 = {instancePath:instancePath+"/final/number",schemaPath:"#/properties/final/anyOf/0/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(errors === _errs24){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/final/number",schemaPath:"#/properties/final/anyOf/0/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
var valid4 = _errs24 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data4.hash !== undefined){
let data6 = data4.hash;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
const err12 = {instancePath:instancePath+"/final/hash",schemaPath:"#/properties/final/anyOf/0/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/final/hash",schemaPath:"#/properties/final/anyOf/0/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var valid4 = _errs26 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
const err14 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
var _valid2 = _errs21 === errors;
valid3 = valid3 || _valid2;
if(!valid3){
const _errs28 = errors;
if(data4 !== null){
const err15 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid2 = _errs28 === errors;
valid3 = valid3 || _valid2;
}
if(!valid3){
const err16 = {instancePath:instancePath+"/final",schemaPath:"#/properties/final/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs20;
if(vErrors !== null){
if(_errs20){
vErrors.length = _errs20;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seen !== undefined){
let data7 = data.seen;
const _errs30 = errors;
const _errs31 = errors;
let valid5 = false;
const _errs32 = errors;
if(errors === _errs32){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing2;
if(((data7.provider === undefined) && (missing2 = "provider")) || ((data7.block === undefined) && (missing2 = "block"))){
const err17 = {instancePath:instancePath+"/seen",schemaPath:"#/properties/seen/anyOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
else {
const _errs34 = errors;
for(const key2 in data7){
if(!((key2 === "provider") || (key2 === "block"))){
const err18 = {instancePath:instancePath+"/seen",schemaPath:"#/properties/seen/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
break;
}
}
if(_errs34 === errors){
if(data7.provider !== undefined){
const _errs35 = errors;
if(typeof data7.provider !== "string"){
const err19 = {instancePath:instancePath+"/seen/provider",schemaPath:"#/properties/seen/anyOf/0/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
var valid6 = _errs35 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data7.block !== undefined){
let data9 = data7.block;
const _errs37 = errors;
const _errs38 = errors;
let valid7 = false;
const _errs39 = errors;
if(errors === _errs39){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing3;
if(((data9.number === undefined) && (missing3 = "number")) || ((data9.hash === undefined) && (missing3 = "hash"))){
const err20 = {instancePath:instancePath+"/seen/block",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
else {
const _errs41 = errors;
for(const key3 in data9){
if(!((key3 === "number") || (key3 === "hash"))){
const err21 = {instancePath:instancePath+"/seen/block",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
break;
}
}
if(_errs41 === errors){
if(data9.number !== undefined){
let data10 = data9.number;
const _errs42 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
const err22 = {instancePath:instancePath+"/seen/block/number",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/properties/number/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(errors === _errs42){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
const err23 = {instancePath:instancePath+"/seen/block/number",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/properties/number/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
var valid8 = _errs42 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data9.hash !== undefined){
let data11 = data9.hash;
const _errs44 = errors;
if(errors === _errs44){
if(typeof data11 === "string"){
if(!pattern23.test(data11)){
const err24 = {instancePath:instancePath+"/seen/block/hash",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/properties/hash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/seen/block/hash",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/properties/hash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
var valid8 = _errs44 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
else {
const err26 = {instancePath:instancePath+"/seen/block",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
var _valid4 = _errs39 === errors;
valid7 = valid7 || _valid4;
if(!valid7){
const _errs46 = errors;
if(data9 !== null){
const err27 = {instancePath:instancePath+"/seen/block",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
var _valid4 = _errs46 === errors;
valid7 = valid7 || _valid4;
}
if(!valid7){
const err28 = {instancePath:instancePath+"/seen/block",schemaPath:"#/properties/seen/anyOf/0/properties/block/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
else {
errors = _errs38;
if(vErrors !== null){
if(_errs38){
vErrors.length = _errs38;
}
else {
vErrors = null;
}
}
}
var valid6 = _errs37 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
else {
const err29 = {instancePath:instancePath+"/seen",schemaPath:"#/properties/seen/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
var _valid3 = _errs32 === errors;
valid5 = valid5 || _valid3;
if(!valid5){
const _errs48 = errors;
if(data7 !== null){
const err30 = {instancePath:instancePath+"/seen",schemaPath:"#/properties/seen/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
var _valid3 = _errs48 === errors;
valid5 = valid5 || _valid3;
}
if(!valid5){
const err31 = {instancePath:instancePath+"/seen",schemaPath:"#/properties/seen/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs31;
if(vErrors !== null){
if(_errs31){
vErrors.length = _errs31;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data12 = data.at;
const _errs50 = errors;
if(errors === _errs50){
if(typeof data12 === "string"){
if(!pattern3.test(data12)){
validate20.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs50 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}

const ChainResumed_v1 = validate21;

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ChainResumed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.haltId === undefined) && (missing0 = "haltId")) || ((data.published === undefined) && (missing0 = "published"))) || ((data.at === undefined) && (missing0 = "at"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "haltId") || (key0 === "published")) || (key0 === "at"))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.haltId !== undefined){
let data0 = data.haltId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate21.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/haltId",schemaPath:"#/properties/haltId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.published !== undefined){
let data1 = data.published;
const _errs5 = errors;
const _errs6 = errors;
let valid1 = false;
const _errs7 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err0 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs7){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
const err1 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs9 = errors;
if(data1 !== null){
const err2 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/published",schemaPath:"#/properties/published/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate21.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}

const CheckpointSignerUpdated_v1 = validate22;

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="CheckpointSignerUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.logId === undefined) && (missing0 = "logId"))) || ((data.newSigner === undefined) && (missing0 = "newSigner"))) || ((data.oldSigner === undefined) && (missing0 = "oldSigner"))){
validate22.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "logId") || (key0 === "oldSigner")) || (key0 === "newSigner")) || (key0 === "contract")) || (key0 === "log"))){
validate22.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.logId !== undefined){
let data0 = data.logId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate22.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.oldSigner !== undefined){
let data1 = data.oldSigner;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate22.errors = [{instancePath:instancePath+"/oldSigner",schemaPath:"#/properties/oldSigner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/oldSigner",schemaPath:"#/properties/oldSigner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newSigner !== undefined){
let data2 = data.newSigner;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate22.errors = [{instancePath:instancePath+"/newSigner",schemaPath:"#/properties/newSigner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/newSigner",schemaPath:"#/properties/newSigner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate22.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate22.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate22.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate22.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate22.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate22.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate22.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate22.errors = vErrors;
return errors === 0;
}

const CommandRejected_v1 = validate23;
const schema24 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"CommandRejected.v1","title":"The data of CommandRejected, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"The id that the command's receipt would have had."},"chainId":{"anyOf":[{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},{"type":"null"}],"description":"The chain that it was meant for; null for a command that concerns none."},"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"command":{"type":"string","description":"The mutation's name."},"code":{"type":"string"},"field":{"type":["string","null"]},"reason":{"type":"string"},"inputHash":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["commandId","chainId","address","command","code","field","reason","inputHash","at"],"additionalProperties":false};
const func2 = Object.prototype.hasOwnProperty;

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="CommandRejected.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.commandId === undefined) && (missing0 = "commandId")) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.address === undefined) && (missing0 = "address"))) || ((data.command === undefined) && (missing0 = "command"))) || ((data.code === undefined) && (missing0 = "code"))) || ((data.field === undefined) && (missing0 = "field"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.at === undefined) && (missing0 = "at"))){
validate23.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema24.properties, key0))){
validate23.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.commandId !== undefined){
let data0 = data.commandId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate23.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate23.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data1 = data.chainId;
const _errs5 = errors;
const _errs6 = errors;
let valid1 = false;
const _errs7 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err0 = {instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs7){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
const err1 = {instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs9 = errors;
if(data1 !== null){
const err2 = {instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate23.errors = vErrors;
return false;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.address !== undefined){
let data2 = data.address;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate23.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate23.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.command !== undefined){
const _errs13 = errors;
if(typeof data.command !== "string"){
validate23.errors = [{instancePath:instancePath+"/command",schemaPath:"#/properties/command/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
const _errs15 = errors;
if(typeof data.code !== "string"){
validate23.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.field !== undefined){
let data5 = data.field;
const _errs17 = errors;
if((typeof data5 !== "string") && (data5 !== null)){
validate23.errors = [{instancePath:instancePath+"/field",schemaPath:"#/properties/field/type",keyword:"type",params:{type: schema24.properties.field.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs19 = errors;
if(typeof data.reason !== "string"){
validate23.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data7 = data.inputHash;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate23.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate23.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data8 = data.at;
const _errs23 = errors;
if(errors === _errs23){
if(typeof data8 === "string"){
if(!pattern3.test(data8)){
validate23.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate23.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate23.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate23.errors = vErrors;
return errors === 0;
}

const ConfirmationTurnedOff_v1 = validate24;

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ConfirmationTurnedOff.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))){
validate24.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "address") || (key0 === "at"))){
validate24.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate24.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data1 = data.at;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate24.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate24.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate24.errors = vErrors;
return errors === 0;
}

const ConfirmationTurnedOn_v1 = validate25;

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ConfirmationTurnedOn.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "address") || (key0 === "at"))){
validate25.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate25.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data1 = data.at;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate25.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}

const CreationFeeUpdated_v1 = validate26;

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="CreationFeeUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newFee === undefined) && (missing0 = "newFee"))) || ((data.oldFee === undefined) && (missing0 = "oldFee"))){
validate26.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldFee") || (key0 === "newFee")) || (key0 === "contract")) || (key0 === "log"))){
validate26.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldFee !== undefined){
let data0 = data.oldFee;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate26.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newFee !== undefined){
let data1 = data.newFee;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate26.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate26.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate26.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate26.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate26.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate26.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate26.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}

const CreationFeesCollected_v1 = validate27;

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="CreationFeesCollected.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.recipient === undefined) && (missing0 = "recipient"))){
validate27.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "recipient") || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate27.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.recipient !== undefined){
let data0 = data.recipient;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate27.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data1 = data.amount;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate27.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate27.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate27.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate27.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate27.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate27.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate27.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate27.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate27.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate27.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate27.errors = vErrors;
return errors === 0;
}

const DelegateVotesChanged_v1 = validate28;

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="DelegateVotesChanged.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.delegate === undefined) && (missing0 = "delegate"))) || ((data.newVotes === undefined) && (missing0 = "newVotes"))) || ((data.oldVotes === undefined) && (missing0 = "oldVotes"))){
validate28.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "delegate") || (key0 === "oldVotes")) || (key0 === "newVotes")) || (key0 === "contract")) || (key0 === "log"))){
validate28.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.delegate !== undefined){
let data0 = data.delegate;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate28.errors = [{instancePath:instancePath+"/delegate",schemaPath:"#/properties/delegate/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/delegate",schemaPath:"#/properties/delegate/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.oldVotes !== undefined){
let data1 = data.oldVotes;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate28.errors = [{instancePath:instancePath+"/oldVotes",schemaPath:"#/properties/oldVotes/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/oldVotes",schemaPath:"#/properties/oldVotes/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newVotes !== undefined){
let data2 = data.newVotes;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate28.errors = [{instancePath:instancePath+"/newVotes",schemaPath:"#/properties/newVotes/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/newVotes",schemaPath:"#/properties/newVotes/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate28.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate28.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate28.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate28.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate28.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate28.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate28.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate28.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate28.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate28.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate28.errors = vErrors;
return errors === 0;
}

const DriftEnded_v1 = validate29;

function validate29(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="DriftEnded.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.driftId === undefined) && (missing0 = "driftId")) || ((data.blockNumber === undefined) && (missing0 = "blockNumber"))) || ((data.blockHash === undefined) && (missing0 = "blockHash"))) || ((data.at === undefined) && (missing0 = "at"))){
validate29.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "driftId") || (key0 === "blockNumber")) || (key0 === "blockHash")) || (key0 === "at"))){
validate29.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.driftId !== undefined){
let data0 = data.driftId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate29.errors = [{instancePath:instancePath+"/driftId",schemaPath:"#/properties/driftId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate29.errors = [{instancePath:instancePath+"/driftId",schemaPath:"#/properties/driftId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockNumber !== undefined){
let data1 = data.blockNumber;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate29.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate29.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockHash !== undefined){
let data2 = data.blockHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern23.test(data2)){
validate29.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate29.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data3 = data.at;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
validate29.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate29.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate29.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate29.errors = vErrors;
return errors === 0;
}

const DriftFound_v1 = validate30;
const schema31 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"DriftFound.v1","title":"The data of DriftFound, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"driftId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"differences":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"ours":{"type":"string"},"chain":{"type":"string"}},"required":["name","ours","chain"],"additionalProperties":false,"description":"A value that is not the same: `reserveA`, `balance`, `swapFee`. Numbers as decimal text, `true` or `false`, addresses checksummed."}},"blockNumber":{"type":"integer","description":"The block of which both were asked.","minimum":0},"blockHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"firstBlock":{"type":"integer","description":"The first block of which it is known.","minimum":0},"firstBlockExact":{"type":"boolean","description":"Whether both agreed on the block before that one; else it may have begun earlier."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"kind":{"type":"string","enum":["POOL","SUPPLY","SETTINGS","POSITION","BALANCE"],"description":"What read models say and the chain can be asked. POOL: reserves and liquidity of a pool. SUPPLY: of a token that our factory made. SETTINGS: fees, owner and the like of a contract of ours. POSITION: somebody's liquidity in a pool. BALANCE: somebody's tokens."},"contract":{"type":"string","description":"Who is asked: a token, or a contract of the deployment.","pattern":"^0x[0-9a-fA-F]{40}$"},"poolId":{"anyOf":[{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},{"type":"null"}],"description":"Of POOL and POSITION."},"account":{"anyOf":[{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},{"type":"null"}],"description":"Of POSITION and BALANCE."}},"required":["account","at","blockHash","blockNumber","contract","differences","driftId","firstBlock","firstBlockExact","kind","poolId"]};

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="DriftFound.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((((data.account === undefined) && (missing0 = "account")) || ((data.at === undefined) && (missing0 = "at"))) || ((data.blockHash === undefined) && (missing0 = "blockHash"))) || ((data.blockNumber === undefined) && (missing0 = "blockNumber"))) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.differences === undefined) && (missing0 = "differences"))) || ((data.driftId === undefined) && (missing0 = "driftId"))) || ((data.firstBlock === undefined) && (missing0 = "firstBlock"))) || ((data.firstBlockExact === undefined) && (missing0 = "firstBlockExact"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.poolId === undefined) && (missing0 = "poolId"))){
validate30.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema31.properties, key0))){
validate30.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.driftId !== undefined){
let data0 = data.driftId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate30.errors = [{instancePath:instancePath+"/driftId",schemaPath:"#/properties/driftId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate30.errors = [{instancePath:instancePath+"/driftId",schemaPath:"#/properties/driftId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.differences !== undefined){
let data1 = data.differences;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.name === undefined) && (missing1 = "name")) || ((data2.ours === undefined) && (missing1 = "ours"))) || ((data2.chain === undefined) && (missing1 = "chain"))){
validate30.errors = [{instancePath:instancePath+"/differences/" + i0,schemaPath:"#/properties/differences/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "name") || (key1 === "ours")) || (key1 === "chain"))){
validate30.errors = [{instancePath:instancePath+"/differences/" + i0,schemaPath:"#/properties/differences/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.name !== undefined){
const _errs10 = errors;
if(typeof data2.name !== "string"){
validate30.errors = [{instancePath:instancePath+"/differences/" + i0+"/name",schemaPath:"#/properties/differences/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.ours !== undefined){
const _errs12 = errors;
if(typeof data2.ours !== "string"){
validate30.errors = [{instancePath:instancePath+"/differences/" + i0+"/ours",schemaPath:"#/properties/differences/items/properties/ours/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.chain !== undefined){
const _errs14 = errors;
if(typeof data2.chain !== "string"){
validate30.errors = [{instancePath:instancePath+"/differences/" + i0+"/chain",schemaPath:"#/properties/differences/items/properties/chain/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate30.errors = [{instancePath:instancePath+"/differences/" + i0,schemaPath:"#/properties/differences/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
else {
validate30.errors = [{instancePath:instancePath+"/differences",schemaPath:"#/properties/differences/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockNumber !== undefined){
let data6 = data.blockNumber;
const _errs16 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate30.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs16){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate30.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockHash !== undefined){
let data7 = data.blockHash;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate30.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate30.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.firstBlock !== undefined){
let data8 = data.firstBlock;
const _errs20 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate30.errors = [{instancePath:instancePath+"/firstBlock",schemaPath:"#/properties/firstBlock/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
validate30.errors = [{instancePath:instancePath+"/firstBlock",schemaPath:"#/properties/firstBlock/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.firstBlockExact !== undefined){
const _errs22 = errors;
if(typeof data.firstBlockExact !== "boolean"){
validate30.errors = [{instancePath:instancePath+"/firstBlockExact",schemaPath:"#/properties/firstBlockExact/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data10 = data.at;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern3.test(data10)){
validate30.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate30.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
let data11 = data.kind;
const _errs26 = errors;
if(typeof data11 !== "string"){
validate30.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data11 === "POOL") || (data11 === "SUPPLY")) || (data11 === "SETTINGS")) || (data11 === "POSITION")) || (data11 === "BALANCE"))){
validate30.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data12 = data.contract;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern0.test(data12)){
validate30.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate30.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.poolId !== undefined){
let data13 = data.poolId;
const _errs30 = errors;
const _errs31 = errors;
let valid3 = false;
const _errs32 = errors;
if(errors === _errs32){
if(typeof data13 === "string"){
if(!pattern23.test(data13)){
const err0 = {instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs32 === errors;
valid3 = valid3 || _valid0;
if(!valid3){
const _errs34 = errors;
if(data13 !== null){
const err2 = {instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs34 === errors;
valid3 = valid3 || _valid0;
}
if(!valid3){
const err3 = {instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate30.errors = vErrors;
return false;
}
else {
errors = _errs31;
if(vErrors !== null){
if(_errs31){
vErrors.length = _errs31;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account !== undefined){
let data14 = data.account;
const _errs36 = errors;
const _errs37 = errors;
let valid4 = false;
const _errs38 = errors;
if(errors === _errs38){
if(typeof data14 === "string"){
if(!pattern0.test(data14)){
const err4 = {instancePath:instancePath+"/account",schemaPath:"#/properties/account/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/account",schemaPath:"#/properties/account/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid1 = _errs38 === errors;
valid4 = valid4 || _valid1;
if(!valid4){
const _errs40 = errors;
if(data14 !== null){
const err6 = {instancePath:instancePath+"/account",schemaPath:"#/properties/account/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs40 === errors;
valid4 = valid4 || _valid1;
}
if(!valid4){
const err7 = {instancePath:instancePath+"/account",schemaPath:"#/properties/account/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate30.errors = vErrors;
return false;
}
else {
errors = _errs37;
if(vErrors !== null){
if(_errs37){
vErrors.length = _errs37;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate30.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate30.errors = vErrors;
return errors === 0;
}

const FeeRecipientUpdated_v1 = validate31;

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="FeeRecipientUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newRecipient === undefined) && (missing0 = "newRecipient"))) || ((data.oldRecipient === undefined) && (missing0 = "oldRecipient"))){
validate31.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldRecipient") || (key0 === "newRecipient")) || (key0 === "contract")) || (key0 === "log"))){
validate31.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldRecipient !== undefined){
let data0 = data.oldRecipient;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate31.errors = [{instancePath:instancePath+"/oldRecipient",schemaPath:"#/properties/oldRecipient/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/oldRecipient",schemaPath:"#/properties/oldRecipient/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newRecipient !== undefined){
let data1 = data.newRecipient;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate31.errors = [{instancePath:instancePath+"/newRecipient",schemaPath:"#/properties/newRecipient/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/newRecipient",schemaPath:"#/properties/newRecipient/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate31.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate31.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate31.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate31.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate31.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate31.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate31.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate31.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate31.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate31.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate31.errors = vErrors;
return errors === 0;
}

const ForwardNonceOffered_v1 = validate32;

function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ForwardNonceOffered.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.heldUntil === undefined) && (missing0 = "heldUntil"))) || ((data.nonce === undefined) && (missing0 = "nonce"))) || ((data.signer === undefined) && (missing0 = "signer"))){
validate32.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "heldUntil") || (key0 === "chainId")) || (key0 === "signer")) || (key0 === "commandId")) || (key0 === "nonce"))){
validate32.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.heldUntil !== undefined){
let data0 = data.heldUntil;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern3.test(data0)){
validate32.errors = [{instancePath:instancePath+"/heldUntil",schemaPath:"#/properties/heldUntil/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate32.errors = [{instancePath:instancePath+"/heldUntil",schemaPath:"#/properties/heldUntil/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data1 = data.chainId;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate32.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
validate32.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signer !== undefined){
let data2 = data.signer;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate32.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate32.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data3 = data.commandId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate32.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate32.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nonce !== undefined){
let data4 = data.nonce;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate32.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate32.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate32.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate32.errors = vErrors;
return errors === 0;
}

const ForwardNonceTaken_v1 = validate33;

function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ForwardNonceTaken.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.signer === undefined) && (missing0 = "signer"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.nonce === undefined) && (missing0 = "nonce"))){
validate33.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "chainId") || (key0 === "signer")) || (key0 === "commandId")) || (key0 === "nonce"))){
validate33.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.chainId !== undefined){
let data0 = data.chainId;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate33.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 1 || isNaN(data0)){
validate33.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signer !== undefined){
let data1 = data.signer;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate33.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate33.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data2 = data.commandId;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate33.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate33.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nonce !== undefined){
let data3 = data.nonce;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate33.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate33.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate33.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate33.errors = vErrors;
return errors === 0;
}

const ForwardRequestExecuted_v1 = validate34;

function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ForwardRequestExecuted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.nonce === undefined) && (missing0 = "nonce"))) || ((data.signer === undefined) && (missing0 = "signer"))) || ((data.success === undefined) && (missing0 = "success"))){
validate34.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "signer") || (key0 === "nonce")) || (key0 === "success")) || (key0 === "contract")) || (key0 === "log"))){
validate34.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.signer !== undefined){
let data0 = data.signer;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate34.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nonce !== undefined){
let data1 = data.nonce;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate34.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.success !== undefined){
const _errs7 = errors;
if(typeof data.success !== "boolean"){
validate34.errors = [{instancePath:instancePath+"/success",schemaPath:"#/properties/success/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate34.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate34.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate34.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate34.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate34.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate34.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate34.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate34.errors = vErrors;
return errors === 0;
}

const GovernanceTimelockChanged_v1 = validate35;

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="GovernanceTimelockChanged.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newTimelock === undefined) && (missing0 = "newTimelock"))) || ((data.oldTimelock === undefined) && (missing0 = "oldTimelock"))){
validate35.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldTimelock") || (key0 === "newTimelock")) || (key0 === "contract")) || (key0 === "log"))){
validate35.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldTimelock !== undefined){
let data0 = data.oldTimelock;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate35.errors = [{instancePath:instancePath+"/oldTimelock",schemaPath:"#/properties/oldTimelock/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/oldTimelock",schemaPath:"#/properties/oldTimelock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newTimelock !== undefined){
let data1 = data.newTimelock;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate35.errors = [{instancePath:instancePath+"/newTimelock",schemaPath:"#/properties/newTimelock/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/newTimelock",schemaPath:"#/properties/newTimelock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate35.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate35.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate35.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate35.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate35.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate35.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate35.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate35.errors = vErrors;
return errors === 0;
}

const GovernanceTokenMinted_v1 = validate36;

function validate36(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="GovernanceTokenMinted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.to === undefined) && (missing0 = "to"))){
validate36.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "to") || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate36.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.to !== undefined){
let data0 = data.to;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate36.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data1 = data.amount;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate36.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate36.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate36.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate36.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate36.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate36.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate36.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate36.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate36.errors = vErrors;
return errors === 0;
}

const GuardianUpdated_v1 = validate37;

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="GuardianUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newGuardian === undefined) && (missing0 = "newGuardian"))) || ((data.oldGuardian === undefined) && (missing0 = "oldGuardian"))){
validate37.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldGuardian") || (key0 === "newGuardian")) || (key0 === "contract")) || (key0 === "log"))){
validate37.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldGuardian !== undefined){
let data0 = data.oldGuardian;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate37.errors = [{instancePath:instancePath+"/oldGuardian",schemaPath:"#/properties/oldGuardian/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/oldGuardian",schemaPath:"#/properties/oldGuardian/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newGuardian !== undefined){
let data1 = data.newGuardian;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate37.errors = [{instancePath:instancePath+"/newGuardian",schemaPath:"#/properties/newGuardian/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/newGuardian",schemaPath:"#/properties/newGuardian/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate37.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate37.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate37.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate37.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate37.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate37.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate37.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate37.errors = vErrors;
return errors === 0;
}

const LiquidityAdded_v1 = validate38;

function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="LiquidityAdded.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.amountA === undefined) && (missing0 = "amountA")) || ((data.amountB === undefined) && (missing0 = "amountB"))) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.liquidity === undefined) && (missing0 = "liquidity"))) || ((data.poolId === undefined) && (missing0 = "poolId"))) || ((data.user === undefined) && (missing0 = "user"))){
validate38.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "user") || (key0 === "poolId")) || (key0 === "amountA")) || (key0 === "amountB")) || (key0 === "liquidity")) || (key0 === "contract")) || (key0 === "log"))){
validate38.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.user !== undefined){
let data0 = data.user;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate38.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.poolId !== undefined){
let data1 = data.poolId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate38.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountA !== undefined){
let data2 = data.amountA;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate38.errors = [{instancePath:instancePath+"/amountA",schemaPath:"#/properties/amountA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/amountA",schemaPath:"#/properties/amountA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountB !== undefined){
let data3 = data.amountB;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate38.errors = [{instancePath:instancePath+"/amountB",schemaPath:"#/properties/amountB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/amountB",schemaPath:"#/properties/amountB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.liquidity !== undefined){
let data4 = data.liquidity;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate38.errors = [{instancePath:instancePath+"/liquidity",schemaPath:"#/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/liquidity",schemaPath:"#/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data5 = data.contract;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate38.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data6 = data.log;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((((data6.address === undefined) && (missing1 = "address")) || ((data6.topics === undefined) && (missing1 = "topics"))) || ((data6.data === undefined) && (missing1 = "data"))){
validate38.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data6){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate38.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data6.address !== undefined){
let data7 = data6.address;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate38.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.topics !== undefined){
let data8 = data6.topics;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
validate38.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
if(!valid2){
break;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.data !== undefined){
let data10 = data6.data;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate38.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate38.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate38.errors = vErrors;
return errors === 0;
}

const LiquidityAdditionRequested_v1 = validate39;
const schema40 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"LiquidityAdditionRequested.v1","title":"The data of LiquidityAdditionRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"poolId":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"amountADesired":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountBDesired":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountAMin":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountBMin":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"}},"required":["poolId","amountADesired","amountBDesired","amountAMin","amountBMin"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="LiquidityAdditionRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate39.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate39.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if((((((data0.poolId === undefined) && (missing1 = "poolId")) || ((data0.amountADesired === undefined) && (missing1 = "amountADesired"))) || ((data0.amountBDesired === undefined) && (missing1 = "amountBDesired"))) || ((data0.amountAMin === undefined) && (missing1 = "amountAMin"))) || ((data0.amountBMin === undefined) && (missing1 = "amountBMin"))){
validate39.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!(((((key1 === "poolId") || (key1 === "amountADesired")) || (key1 === "amountBDesired")) || (key1 === "amountAMin")) || (key1 === "amountBMin"))){
validate39.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.poolId !== undefined){
let data1 = data0.poolId;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate39.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountADesired !== undefined){
let data2 = data0.amountADesired;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate39.errors = [{instancePath:instancePath+"/terms/amountADesired",schemaPath:"#/properties/terms/properties/amountADesired/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms/amountADesired",schemaPath:"#/properties/terms/properties/amountADesired/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountBDesired !== undefined){
let data3 = data0.amountBDesired;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate39.errors = [{instancePath:instancePath+"/terms/amountBDesired",schemaPath:"#/properties/terms/properties/amountBDesired/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms/amountBDesired",schemaPath:"#/properties/terms/properties/amountBDesired/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountAMin !== undefined){
let data4 = data0.amountAMin;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate39.errors = [{instancePath:instancePath+"/terms/amountAMin",schemaPath:"#/properties/terms/properties/amountAMin/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms/amountAMin",schemaPath:"#/properties/terms/properties/amountAMin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountBMin !== undefined){
let data5 = data0.amountBMin;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate39.errors = [{instancePath:instancePath+"/terms/amountBMin",schemaPath:"#/properties/terms/properties/amountBMin/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms/amountBMin",schemaPath:"#/properties/terms/properties/amountBMin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
else {
validate39.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data6 = data.commandId;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern5.test(data6)){
validate39.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data7 = data.chainId;
const _errs18 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate39.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs18){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
validate39.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data8 = data.requester;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
validate39.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data9 = data.execution;
const _errs22 = errors;
if(typeof data9 !== "string"){
validate39.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data9 === "WALLET") || (data9 === "RELAYED"))){
validate39.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema40.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data10 = data.inputHash;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate39.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data11 = data.requestedAt;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern3.test(data11)){
validate39.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data12 = data.deadline;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern3.test(data12)){
validate39.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate39.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate39.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate39.errors = vErrors;
return errors === 0;
}

const LiquidityRemovalRequested_v1 = validate40;
const schema41 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"LiquidityRemovalRequested.v1","title":"The data of LiquidityRemovalRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"poolId":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"liquidity":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountAMin":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountBMin":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"}},"required":["poolId","liquidity","amountAMin","amountBMin"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate40(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="LiquidityRemovalRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate40.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate40.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if(((((data0.poolId === undefined) && (missing1 = "poolId")) || ((data0.liquidity === undefined) && (missing1 = "liquidity"))) || ((data0.amountAMin === undefined) && (missing1 = "amountAMin"))) || ((data0.amountBMin === undefined) && (missing1 = "amountBMin"))){
validate40.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!((((key1 === "poolId") || (key1 === "liquidity")) || (key1 === "amountAMin")) || (key1 === "amountBMin"))){
validate40.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.poolId !== undefined){
let data1 = data0.poolId;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate40.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.liquidity !== undefined){
let data2 = data0.liquidity;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate40.errors = [{instancePath:instancePath+"/terms/liquidity",schemaPath:"#/properties/terms/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/terms/liquidity",schemaPath:"#/properties/terms/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountAMin !== undefined){
let data3 = data0.amountAMin;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate40.errors = [{instancePath:instancePath+"/terms/amountAMin",schemaPath:"#/properties/terms/properties/amountAMin/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/terms/amountAMin",schemaPath:"#/properties/terms/properties/amountAMin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountBMin !== undefined){
let data4 = data0.amountBMin;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate40.errors = [{instancePath:instancePath+"/terms/amountBMin",schemaPath:"#/properties/terms/properties/amountBMin/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/terms/amountBMin",schemaPath:"#/properties/terms/properties/amountBMin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
else {
validate40.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data5 = data.commandId;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
validate40.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data6 = data.chainId;
const _errs16 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate40.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs16){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
validate40.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data7 = data.requester;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate40.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data8 = data.execution;
const _errs20 = errors;
if(typeof data8 !== "string"){
validate40.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data8 === "WALLET") || (data8 === "RELAYED"))){
validate40.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema41.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data9 = data.inputHash;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern1.test(data9)){
validate40.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data10 = data.requestedAt;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern3.test(data10)){
validate40.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data11 = data.deadline;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern3.test(data11)){
validate40.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate40.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate40.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate40.errors = vErrors;
return errors === 0;
}

const LiquidityRemoved_v1 = validate41;

function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="LiquidityRemoved.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.amountA === undefined) && (missing0 = "amountA")) || ((data.amountB === undefined) && (missing0 = "amountB"))) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.liquidity === undefined) && (missing0 = "liquidity"))) || ((data.poolId === undefined) && (missing0 = "poolId"))) || ((data.user === undefined) && (missing0 = "user"))){
validate41.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "user") || (key0 === "poolId")) || (key0 === "amountA")) || (key0 === "amountB")) || (key0 === "liquidity")) || (key0 === "contract")) || (key0 === "log"))){
validate41.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.user !== undefined){
let data0 = data.user;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate41.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.poolId !== undefined){
let data1 = data.poolId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate41.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountA !== undefined){
let data2 = data.amountA;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate41.errors = [{instancePath:instancePath+"/amountA",schemaPath:"#/properties/amountA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/amountA",schemaPath:"#/properties/amountA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountB !== undefined){
let data3 = data.amountB;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate41.errors = [{instancePath:instancePath+"/amountB",schemaPath:"#/properties/amountB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/amountB",schemaPath:"#/properties/amountB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.liquidity !== undefined){
let data4 = data.liquidity;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate41.errors = [{instancePath:instancePath+"/liquidity",schemaPath:"#/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/liquidity",schemaPath:"#/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data5 = data.contract;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate41.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data6 = data.log;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((((data6.address === undefined) && (missing1 = "address")) || ((data6.topics === undefined) && (missing1 = "topics"))) || ((data6.data === undefined) && (missing1 = "data"))){
validate41.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data6){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate41.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data6.address !== undefined){
let data7 = data6.address;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate41.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.topics !== undefined){
let data8 = data6.topics;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
validate41.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
if(!valid2){
break;
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.data !== undefined){
let data10 = data6.data;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate41.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate41.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate41.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate41.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate41.errors = vErrors;
return errors === 0;
}

const LogParked_v1 = validate42;
const schema43 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"LogParked.v1","title":"The data of LogParked, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"contract":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"role":{"type":"string","enum":["TOKEN","TOKEN_FACTORY","LIQUIDITY_MANAGER","FORWARDER","CHECKPOINT","GOVERNOR","TIMELOCK","VOTES_TOKEN"],"description":"What a followed contract is: by which contract's events its logs are read."},"clock":{"anyOf":[{"type":"string","enum":["BLOCKS","SECONDS"],"description":"What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch."},{"type":"null"}],"description":"Of a Governor what it counts in; null of others."},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."},"code":{"type":"string","enum":["LOG_UNDECODABLE","FACT_IMPOSSIBLE"],"description":"UNDECODABLE: not written as the event says. IMPOSSIBLE: what it says cannot be."},"reason":{"type":"string"}},"required":["contract","role","clock","log","code","reason"],"additionalProperties":false};

function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="LogParked.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.contract === undefined) && (missing0 = "contract")) || ((data.role === undefined) && (missing0 = "role"))) || ((data.clock === undefined) && (missing0 = "clock"))) || ((data.log === undefined) && (missing0 = "log"))) || ((data.code === undefined) && (missing0 = "code"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate42.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "contract") || (key0 === "role")) || (key0 === "clock")) || (key0 === "log")) || (key0 === "code")) || (key0 === "reason"))){
validate42.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.contract !== undefined){
let data0 = data.contract;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate42.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate42.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.role !== undefined){
let data1 = data.role;
const _errs5 = errors;
if(typeof data1 !== "string"){
validate42.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((((((data1 === "TOKEN") || (data1 === "TOKEN_FACTORY")) || (data1 === "LIQUIDITY_MANAGER")) || (data1 === "FORWARDER")) || (data1 === "CHECKPOINT")) || (data1 === "GOVERNOR")) || (data1 === "TIMELOCK")) || (data1 === "VOTES_TOKEN"))){
validate42.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema43.properties.role.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.clock !== undefined){
let data2 = data.clock;
const _errs7 = errors;
const _errs8 = errors;
let valid1 = false;
const _errs9 = errors;
if(typeof data2 !== "string"){
const err0 = {instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(!((data2 === "BLOCKS") || (data2 === "SECONDS"))){
const err1 = {instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema43.properties.clock.anyOf[0].enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs11 = errors;
if(data2 !== null){
const err2 = {instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate42.errors = vErrors;
return false;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs13 = errors;
if(errors === _errs13){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate42.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs15 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate42.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs15 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate42.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate42.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs18 = errors;
if(errors === _errs18){
if(Array.isArray(data5)){
var valid3 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs20 = errors;
if(errors === _errs20){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate42.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate42.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs20 === errors;
if(!valid3){
break;
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate42.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate42.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
let data8 = data.code;
const _errs24 = errors;
if(typeof data8 !== "string"){
validate42.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data8 === "LOG_UNDECODABLE") || (data8 === "FACT_IMPOSSIBLE"))){
validate42.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/enum",keyword:"enum",params:{allowedValues: schema43.properties.code.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs26 = errors;
if(typeof data.reason !== "string"){
validate42.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate42.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate42.errors = vErrors;
return errors === 0;
}

const MessageParked_v1 = validate43;
const schema44 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"MessageParked.v1","title":"The data of MessageParked, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"topic":{"type":"string"},"offset":{"type":"string","description":"In decimal."},"code":{"type":"string","enum":["MESSAGE_ILL_FORMED","MESSAGE_KIND_UNKNOWN"]},"reason":{"type":"string"},"message":{"type":"string","description":"The beginning of the message as JSON, up to 10,000 characters."},"digest":{"type":"string","description":"SHA-256 of all of it.","pattern":"^0x[0-9a-f]{64}$"}},"required":["topic","offset","code","reason","message","digest"],"additionalProperties":false};

function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="MessageParked.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.topic === undefined) && (missing0 = "topic")) || ((data.offset === undefined) && (missing0 = "offset"))) || ((data.code === undefined) && (missing0 = "code"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.digest === undefined) && (missing0 = "digest"))){
validate43.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "topic") || (key0 === "offset")) || (key0 === "code")) || (key0 === "reason")) || (key0 === "message")) || (key0 === "digest"))){
validate43.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.topic !== undefined){
const _errs3 = errors;
if(typeof data.topic !== "string"){
validate43.errors = [{instancePath:instancePath+"/topic",schemaPath:"#/properties/topic/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.offset !== undefined){
const _errs5 = errors;
if(typeof data.offset !== "string"){
validate43.errors = [{instancePath:instancePath+"/offset",schemaPath:"#/properties/offset/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.code !== undefined){
let data2 = data.code;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate43.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data2 === "MESSAGE_ILL_FORMED") || (data2 === "MESSAGE_KIND_UNKNOWN"))){
validate43.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/enum",keyword:"enum",params:{allowedValues: schema44.properties.code.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate43.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs11 = errors;
if(typeof data.message !== "string"){
validate43.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data5 = data.digest;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate43.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate43.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate43.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate43.errors = vErrors;
return errors === 0;
}

const OperationApproved_v1 = validate44;

function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationApproved.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.approvedBy === undefined) && (missing0 = "approvedBy")) || ((data.at === undefined) && (missing0 = "at"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate44.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "approvedBy") || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate44.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.approvedBy !== undefined){
const _errs3 = errors;
if(typeof data.approvedBy !== "string"){
validate44.errors = [{instancePath:instancePath+"/approvedBy",schemaPath:"#/properties/approvedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs5 = errors;
if(typeof data.reason !== "string"){
validate44.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate44.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate44.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data3 = data.operationId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate44.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate44.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate44.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate44.errors = vErrors;
return errors === 0;
}

const OperationCompleted_v1 = validate45;

function validate45(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationCompleted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.at === undefined) && (missing0 = "at")) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.result === undefined) && (missing0 = "result"))){
validate45.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "result") || (key0 === "at")) || (key0 === "operationId"))){
validate45.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.result !== undefined){
let data0 = data.result;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs5 = errors;
if(errors === _errs5){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((data1.name === undefined) && (missing1 = "name")) || ((data1.value === undefined) && (missing1 = "value"))){
validate45.errors = [{instancePath:instancePath+"/result/" + i0,schemaPath:"#/properties/result/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs7 = errors;
for(const key1 in data1){
if(!((key1 === "name") || (key1 === "value"))){
validate45.errors = [{instancePath:instancePath+"/result/" + i0,schemaPath:"#/properties/result/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs7 === errors){
if(data1.name !== undefined){
const _errs8 = errors;
if(typeof data1.name !== "string"){
validate45.errors = [{instancePath:instancePath+"/result/" + i0+"/name",schemaPath:"#/properties/result/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs8 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.value !== undefined){
const _errs10 = errors;
if(typeof data1.value !== "string"){
validate45.errors = [{instancePath:instancePath+"/result/" + i0+"/value",schemaPath:"#/properties/result/items/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate45.errors = [{instancePath:instancePath+"/result/" + i0,schemaPath:"#/properties/result/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate45.errors = [{instancePath:instancePath+"/result",schemaPath:"#/properties/result/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate45.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate45.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data5 = data.operationId;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
validate45.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate45.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate45.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate45.errors = vErrors;
return errors === 0;
}

const OperationDeclined_v1 = validate46;

function validate46(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationDeclined.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.at === undefined) && (missing0 = "at")) || ((data.declinedBy === undefined) && (missing0 = "declinedBy"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate46.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "declinedBy") || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate46.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.declinedBy !== undefined){
const _errs3 = errors;
if(typeof data.declinedBy !== "string"){
validate46.errors = [{instancePath:instancePath+"/declinedBy",schemaPath:"#/properties/declinedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs5 = errors;
if(typeof data.reason !== "string"){
validate46.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate46.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate46.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data3 = data.operationId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate46.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate46.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate46.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate46.errors = vErrors;
return errors === 0;
}

const OperationFailed_v1 = validate47;

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationFailed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.at === undefined) && (missing0 = "at")) || ((data.code === undefined) && (missing0 = "code"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate47.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "code") || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate47.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.code !== undefined){
const _errs3 = errors;
if(typeof data.code !== "string"){
validate47.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs5 = errors;
if(typeof data.reason !== "string"){
validate47.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate47.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data3 = data.operationId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate47.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate47.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate47.errors = vErrors;
return errors === 0;
}

const OperationProposed_v1 = validate48;
const schema49 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"OperationProposed.v1","title":"The data of OperationProposed, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"build":{"anyOf":[{"type":"integer","description":"How many there are, or the how-manieth it is.","minimum":0},{"type":"null"}],"description":"The number of the build that it is done to; null where it is done to none, or to a new one."},"promotesItself":{"type":"boolean","description":"Of a rebuild: whether it takes the live one's place by itself."},"kind":{"type":"string","enum":["REBUILD_PROJECTION","PAUSE_PROJECTION","RESUME_PROJECTION","PROMOTE_PROJECTION","SWITCH_BACK_PROJECTION","DISCARD_PROJECTION","ERASE_USER","COPY_LOG","RETRY_PARKED_EVENT","SKIP_PARKED_EVENT","ACCEPT_REORG","WAIT_FOR_BRANCH"],"description":"What an operator can do; each act names its subject in its own way."},"subject":{"type":"string","description":"What it is done to: a projection's name, a person's address, the id of what is parked."},"requestedBy":{"type":"string","description":"A checksummed address of one of OPERATOR_ADDRESSES, or `operator:<name>` at the machine itself."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"operationId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}},"required":["at","build","kind","operationId","promotesItself","reason","requestedBy","subject"]};

function validate48(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationProposed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.at === undefined) && (missing0 = "at")) || ((data.build === undefined) && (missing0 = "build"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.promotesItself === undefined) && (missing0 = "promotesItself"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.requestedBy === undefined) && (missing0 = "requestedBy"))) || ((data.subject === undefined) && (missing0 = "subject"))){
validate48.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "build") || (key0 === "promotesItself")) || (key0 === "kind")) || (key0 === "subject")) || (key0 === "requestedBy")) || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate48.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.build !== undefined){
let data0 = data.build;
const _errs3 = errors;
const _errs4 = errors;
let valid1 = false;
const _errs5 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err0 = {instancePath:instancePath+"/build",schemaPath:"#/properties/build/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs5){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
const err1 = {instancePath:instancePath+"/build",schemaPath:"#/properties/build/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs5 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs7 = errors;
if(data0 !== null){
const err2 = {instancePath:instancePath+"/build",schemaPath:"#/properties/build/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/build",schemaPath:"#/properties/build/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate48.errors = vErrors;
return false;
}
else {
errors = _errs4;
if(vErrors !== null){
if(_errs4){
vErrors.length = _errs4;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.promotesItself !== undefined){
const _errs9 = errors;
if(typeof data.promotesItself !== "boolean"){
validate48.errors = [{instancePath:instancePath+"/promotesItself",schemaPath:"#/properties/promotesItself/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
let data2 = data.kind;
const _errs11 = errors;
if(typeof data2 !== "string"){
validate48.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((((((((((data2 === "REBUILD_PROJECTION") || (data2 === "PAUSE_PROJECTION")) || (data2 === "RESUME_PROJECTION")) || (data2 === "PROMOTE_PROJECTION")) || (data2 === "SWITCH_BACK_PROJECTION")) || (data2 === "DISCARD_PROJECTION")) || (data2 === "ERASE_USER")) || (data2 === "COPY_LOG")) || (data2 === "RETRY_PARKED_EVENT")) || (data2 === "SKIP_PARKED_EVENT")) || (data2 === "ACCEPT_REORG")) || (data2 === "WAIT_FOR_BRANCH"))){
validate48.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema49.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.subject !== undefined){
const _errs13 = errors;
if(typeof data.subject !== "string"){
validate48.errors = [{instancePath:instancePath+"/subject",schemaPath:"#/properties/subject/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs15 = errors;
if(typeof data.requestedBy !== "string"){
validate48.errors = [{instancePath:instancePath+"/requestedBy",schemaPath:"#/properties/requestedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs17 = errors;
if(typeof data.reason !== "string"){
validate48.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data6 = data.at;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data6 === "string"){
if(!pattern3.test(data6)){
validate48.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate48.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data7 = data.operationId;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data7 === "string"){
if(!pattern5.test(data7)){
validate48.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate48.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate48.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate48.errors = vErrors;
return errors === 0;
}

const OperationRequested_v1 = validate49;
const schema50 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"OperationRequested.v1","title":"The data of OperationRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"kind":{"type":"string","enum":["REBUILD_PROJECTION","ERASE_USER","COPY_LOG"],"description":"What an operator can do; each act names its subject in its own way."},"subject":{"type":"string","description":"What it is done to: a projection's name, a person's address."},"requestedBy":{"type":"string","description":"A checksummed address of one of OPERATOR_ADDRESSES, or `operator:<name>` at the machine itself."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"operationId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}},"required":["at","kind","operationId","reason","requestedBy","subject"]};

function validate49(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.at === undefined) && (missing0 = "at")) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.requestedBy === undefined) && (missing0 = "requestedBy"))) || ((data.subject === undefined) && (missing0 = "subject"))){
validate49.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "subject")) || (key0 === "requestedBy")) || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate49.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.kind !== undefined){
let data0 = data.kind;
const _errs3 = errors;
if(typeof data0 !== "string"){
validate49.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data0 === "REBUILD_PROJECTION") || (data0 === "ERASE_USER")) || (data0 === "COPY_LOG"))){
validate49.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema50.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.subject !== undefined){
const _errs5 = errors;
if(typeof data.subject !== "string"){
validate49.errors = [{instancePath:instancePath+"/subject",schemaPath:"#/properties/subject/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs7 = errors;
if(typeof data.requestedBy !== "string"){
validate49.errors = [{instancePath:instancePath+"/requestedBy",schemaPath:"#/properties/requestedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate49.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate49.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate49.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data5 = data.operationId;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
validate49.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate49.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate49.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate49.errors = vErrors;
return errors === 0;
}

const OperationRequested_v2 = validate50;
const schema51 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"OperationRequested.v2","title":"The data of OperationRequested, version 2","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"kind":{"type":"string","enum":["REBUILD_PROJECTION","PAUSE_PROJECTION","RESUME_PROJECTION","PROMOTE_PROJECTION","SWITCH_BACK_PROJECTION","DISCARD_PROJECTION","ERASE_USER","COPY_LOG","RETRY_PARKED_EVENT","SKIP_PARKED_EVENT","ACCEPT_REORG","WAIT_FOR_BRANCH"],"description":"What an operator can do; each act names its subject in its own way."},"subject":{"type":"string","description":"What it is done to: a projection's name, a person's address, the id of what is parked."},"requestedBy":{"type":"string","description":"A checksummed address of one of OPERATOR_ADDRESSES, or `operator:<name>` at the machine itself."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"operationId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}},"required":["at","kind","operationId","reason","requestedBy","subject"]};

function validate50(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OperationRequested.v2" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.at === undefined) && (missing0 = "at")) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.requestedBy === undefined) && (missing0 = "requestedBy"))) || ((data.subject === undefined) && (missing0 = "subject"))){
validate50.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "kind") || (key0 === "subject")) || (key0 === "requestedBy")) || (key0 === "reason")) || (key0 === "at")) || (key0 === "operationId"))){
validate50.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.kind !== undefined){
let data0 = data.kind;
const _errs3 = errors;
if(typeof data0 !== "string"){
validate50.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((((((((((((data0 === "REBUILD_PROJECTION") || (data0 === "PAUSE_PROJECTION")) || (data0 === "RESUME_PROJECTION")) || (data0 === "PROMOTE_PROJECTION")) || (data0 === "SWITCH_BACK_PROJECTION")) || (data0 === "DISCARD_PROJECTION")) || (data0 === "ERASE_USER")) || (data0 === "COPY_LOG")) || (data0 === "RETRY_PARKED_EVENT")) || (data0 === "SKIP_PARKED_EVENT")) || (data0 === "ACCEPT_REORG")) || (data0 === "WAIT_FOR_BRANCH"))){
validate50.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema51.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.subject !== undefined){
const _errs5 = errors;
if(typeof data.subject !== "string"){
validate50.errors = [{instancePath:instancePath+"/subject",schemaPath:"#/properties/subject/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs7 = errors;
if(typeof data.requestedBy !== "string"){
validate50.errors = [{instancePath:instancePath+"/requestedBy",schemaPath:"#/properties/requestedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate50.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate50.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate50.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data5 = data.operationId;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
validate50.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate50.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate50.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate50.errors = vErrors;
return errors === 0;
}

const OwnershipTransferStarted_v1 = validate51;

function validate51(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OwnershipTransferStarted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newOwner === undefined) && (missing0 = "newOwner"))) || ((data.previousOwner === undefined) && (missing0 = "previousOwner"))){
validate51.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "previousOwner") || (key0 === "newOwner")) || (key0 === "contract")) || (key0 === "log"))){
validate51.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.previousOwner !== undefined){
let data0 = data.previousOwner;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate51.errors = [{instancePath:instancePath+"/previousOwner",schemaPath:"#/properties/previousOwner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/previousOwner",schemaPath:"#/properties/previousOwner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newOwner !== undefined){
let data1 = data.newOwner;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate51.errors = [{instancePath:instancePath+"/newOwner",schemaPath:"#/properties/newOwner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/newOwner",schemaPath:"#/properties/newOwner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate51.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate51.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate51.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate51.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate51.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate51.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate51.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate51.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate51.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate51.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate51.errors = vErrors;
return errors === 0;
}

const OwnershipTransferred_v1 = validate52;

function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="OwnershipTransferred.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newOwner === undefined) && (missing0 = "newOwner"))) || ((data.previousOwner === undefined) && (missing0 = "previousOwner"))){
validate52.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "previousOwner") || (key0 === "newOwner")) || (key0 === "contract")) || (key0 === "log"))){
validate52.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.previousOwner !== undefined){
let data0 = data.previousOwner;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate52.errors = [{instancePath:instancePath+"/previousOwner",schemaPath:"#/properties/previousOwner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/previousOwner",schemaPath:"#/properties/previousOwner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newOwner !== undefined){
let data1 = data.newOwner;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate52.errors = [{instancePath:instancePath+"/newOwner",schemaPath:"#/properties/newOwner/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/newOwner",schemaPath:"#/properties/newOwner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate52.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate52.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate52.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate52.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate52.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate52.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate52.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate52.errors = vErrors;
return errors === 0;
}

const ParkedLogResolved_v1 = validate53;
const schema54 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ParkedLogResolved.v1","title":"The data of ParkedLogResolved, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"eventId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Of the LogParked."},"resolution":{"type":"string","enum":["RETRIED","SKIPPED"]},"operationId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Who decided, and why, stands there."}},"required":["eventId","resolution","operationId"],"additionalProperties":false};

function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ParkedLogResolved.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.eventId === undefined) && (missing0 = "eventId")) || ((data.resolution === undefined) && (missing0 = "resolution"))) || ((data.operationId === undefined) && (missing0 = "operationId"))){
validate53.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "eventId") || (key0 === "resolution")) || (key0 === "operationId"))){
validate53.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.eventId !== undefined){
let data0 = data.eventId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate53.errors = [{instancePath:instancePath+"/eventId",schemaPath:"#/properties/eventId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate53.errors = [{instancePath:instancePath+"/eventId",schemaPath:"#/properties/eventId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resolution !== undefined){
let data1 = data.resolution;
const _errs5 = errors;
if(typeof data1 !== "string"){
validate53.errors = [{instancePath:instancePath+"/resolution",schemaPath:"#/properties/resolution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data1 === "RETRIED") || (data1 === "SKIPPED"))){
validate53.errors = [{instancePath:instancePath+"/resolution",schemaPath:"#/properties/resolution/enum",keyword:"enum",params:{allowedValues: schema54.properties.resolution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data2 = data.operationId;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate53.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate53.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate53.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate53.errors = vErrors;
return errors === 0;
}

const Paused_v1 = validate54;

function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Paused.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.account === undefined) && (missing0 = "account")) || ((data.contract === undefined) && (missing0 = "contract"))){
validate54.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "account") || (key0 === "contract")) || (key0 === "log"))){
validate54.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.account !== undefined){
let data0 = data.account;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate54.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate54.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate54.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate54.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate54.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate54.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate54.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate54.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate54.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate54.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate54.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate54.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate54.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate54.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate54.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate54.errors = vErrors;
return errors === 0;
}

const PausedUntil_v1 = validate55;

function validate55(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="PausedUntil.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.contract === undefined) && (missing0 = "contract")) || ((data.until === undefined) && (missing0 = "until"))){
validate55.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "until") || (key0 === "contract")) || (key0 === "log"))){
validate55.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.until !== undefined){
let data0 = data.until;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate55.errors = [{instancePath:instancePath+"/until",schemaPath:"#/properties/until/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate55.errors = [{instancePath:instancePath+"/until",schemaPath:"#/properties/until/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate55.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate55.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate55.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate55.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate55.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate55.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate55.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate55.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate55.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate55.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate55.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate55.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate55.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate55.errors = vErrors;
return errors === 0;
}

const PayoutClaimed_v1 = validate56;

function validate56(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="PayoutClaimed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.recipient === undefined) && (missing0 = "recipient"))) || ((data.token === undefined) && (missing0 = "token"))) || ((data.user === undefined) && (missing0 = "user"))){
validate56.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "user") || (key0 === "token")) || (key0 === "recipient")) || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate56.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.user !== undefined){
let data0 = data.user;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate56.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.token !== undefined){
let data1 = data.token;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate56.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recipient !== undefined){
let data2 = data.recipient;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate56.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data3 = data.amount;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate56.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data4 = data.contract;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate56.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data5 = data.log;
const _errs13 = errors;
if(errors === _errs13){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing1;
if((((data5.address === undefined) && (missing1 = "address")) || ((data5.topics === undefined) && (missing1 = "topics"))) || ((data5.data === undefined) && (missing1 = "data"))){
validate56.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs15 = errors;
for(const key1 in data5){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate56.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs15 === errors){
if(data5.address !== undefined){
let data6 = data5.address;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern0.test(data6)){
validate56.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data5.topics !== undefined){
let data7 = data5.topics;
const _errs18 = errors;
if(errors === _errs18){
if(Array.isArray(data7)){
var valid2 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern23.test(data8)){
validate56.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs20 === errors;
if(!valid2){
break;
}
}
}
else {
validate56.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data5.data !== undefined){
let data9 = data5.data;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern1.test(data9)){
validate56.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate56.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs22 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate56.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate56.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate56.errors = vErrors;
return errors === 0;
}

const PayoutKept_v1 = validate57;

function validate57(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="PayoutKept.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.token === undefined) && (missing0 = "token"))) || ((data.user === undefined) && (missing0 = "user"))){
validate57.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "user") || (key0 === "token")) || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate57.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.user !== undefined){
let data0 = data.user;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate57.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.token !== undefined){
let data1 = data.token;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate57.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data2 = data.amount;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate57.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate57.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate57.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate57.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate57.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate57.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate57.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate57.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate57.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate57.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate57.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate57.errors = vErrors;
return errors === 0;
}

const PoolCreated_v1 = validate58;

function validate58(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="PoolCreated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.poolId === undefined) && (missing0 = "poolId"))) || ((data.tokenA === undefined) && (missing0 = "tokenA"))) || ((data.tokenB === undefined) && (missing0 = "tokenB"))){
validate58.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "poolId") || (key0 === "tokenA")) || (key0 === "tokenB")) || (key0 === "contract")) || (key0 === "log"))){
validate58.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.poolId !== undefined){
let data0 = data.poolId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate58.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenA !== undefined){
let data1 = data.tokenA;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate58.errors = [{instancePath:instancePath+"/tokenA",schemaPath:"#/properties/tokenA/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/tokenA",schemaPath:"#/properties/tokenA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenB !== undefined){
let data2 = data.tokenB;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate58.errors = [{instancePath:instancePath+"/tokenB",schemaPath:"#/properties/tokenB/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/tokenB",schemaPath:"#/properties/tokenB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate58.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate58.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate58.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate58.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate58.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate58.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate58.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate58.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate58.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate58.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate58.errors = vErrors;
return errors === 0;
}

const PoolCreationRequested_v1 = validate59;
const schema60 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"PoolCreationRequested.v1","title":"The data of PoolCreationRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"poolId":{"type":"string","description":"keccak256 of both addresses in order: the caller computes it.","pattern":"^0x[0-9a-f]{64}$"},"tokenA":{"type":"string","description":"tokenA < tokenB by address.","pattern":"^0x[0-9a-fA-F]{40}$"},"tokenB":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"amountA":{"type":"string","description":"First deposit, base units.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountB":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"}},"required":["poolId","tokenA","tokenB","amountA","amountB"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate59(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="PoolCreationRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate59.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate59.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if((((((data0.poolId === undefined) && (missing1 = "poolId")) || ((data0.tokenA === undefined) && (missing1 = "tokenA"))) || ((data0.tokenB === undefined) && (missing1 = "tokenB"))) || ((data0.amountA === undefined) && (missing1 = "amountA"))) || ((data0.amountB === undefined) && (missing1 = "amountB"))){
validate59.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!(((((key1 === "poolId") || (key1 === "tokenA")) || (key1 === "tokenB")) || (key1 === "amountA")) || (key1 === "amountB"))){
validate59.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.poolId !== undefined){
let data1 = data0.poolId;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate59.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.tokenA !== undefined){
let data2 = data0.tokenA;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate59.errors = [{instancePath:instancePath+"/terms/tokenA",schemaPath:"#/properties/terms/properties/tokenA/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms/tokenA",schemaPath:"#/properties/terms/properties/tokenA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.tokenB !== undefined){
let data3 = data0.tokenB;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate59.errors = [{instancePath:instancePath+"/terms/tokenB",schemaPath:"#/properties/terms/properties/tokenB/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms/tokenB",schemaPath:"#/properties/terms/properties/tokenB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountA !== undefined){
let data4 = data0.amountA;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate59.errors = [{instancePath:instancePath+"/terms/amountA",schemaPath:"#/properties/terms/properties/amountA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms/amountA",schemaPath:"#/properties/terms/properties/amountA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountB !== undefined){
let data5 = data0.amountB;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate59.errors = [{instancePath:instancePath+"/terms/amountB",schemaPath:"#/properties/terms/properties/amountB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms/amountB",schemaPath:"#/properties/terms/properties/amountB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
else {
validate59.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data6 = data.commandId;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern5.test(data6)){
validate59.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data7 = data.chainId;
const _errs18 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate59.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs18){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
validate59.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data8 = data.requester;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
validate59.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data9 = data.execution;
const _errs22 = errors;
if(typeof data9 !== "string"){
validate59.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data9 === "WALLET") || (data9 === "RELAYED"))){
validate59.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema60.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data10 = data.inputHash;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate59.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data11 = data.requestedAt;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern3.test(data11)){
validate59.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data12 = data.deadline;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern3.test(data12)){
validate59.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate59.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate59.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate59.errors = vErrors;
return errors === 0;
}

const ProfileUpdated_v1 = validate60;
const schema61 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ProfileUpdated.v1","title":"The data of ProfileUpdated, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"registration":{"type":"integer","description":"Which registration of this address, from 1: names the key.","minimum":0},"displayName":{"x-personal":true,"type":["object","null"],"properties":{"encryptedFor":{"type":"string","description":"Names the key: see `personalDataSubject`.","pattern":"^0x[0-9a-f]{40}/[1-9][0-9]*$"},"value":{"type":"string","description":"Base64.","pattern":"^[A-Za-z0-9+/]+={0,2}$"}},"required":["encryptedFor","value"],"additionalProperties":false,"description":"A text about a person as the log keeps it: encrypted with a key of that person alone."},"email":{"x-personal":true,"type":["object","null"],"properties":{"encryptedFor":{"type":"string","description":"Names the key: see `personalDataSubject`.","pattern":"^0x[0-9a-f]{40}/[1-9][0-9]*$"},"value":{"type":"string","description":"Base64.","pattern":"^[A-Za-z0-9+/]+={0,2}$"}},"required":["encryptedFor","value"],"additionalProperties":false,"description":"A text about a person as the log keeps it: encrypted with a key of that person alone."},"bio":{"x-personal":true,"type":["object","null"],"properties":{"encryptedFor":{"type":"string","description":"Names the key: see `personalDataSubject`.","pattern":"^0x[0-9a-f]{40}/[1-9][0-9]*$"},"value":{"type":"string","description":"Base64.","pattern":"^[A-Za-z0-9+/]+={0,2}$"}},"required":["encryptedFor","value"],"additionalProperties":false,"description":"A text about a person as the log keeps it: encrypted with a key of that person alone."},"avatarUri":{"x-personal":true,"type":["object","null"],"properties":{"encryptedFor":{"type":"string","description":"Names the key: see `personalDataSubject`.","pattern":"^0x[0-9a-f]{40}/[1-9][0-9]*$"},"value":{"type":"string","description":"Base64.","pattern":"^[A-Za-z0-9+/]+={0,2}$"}},"required":["encryptedFor","value"],"additionalProperties":false,"description":"A text about a person as the log keeps it: encrypted with a key of that person alone."},"inputHash":{"description":"A text about a person as the log keeps it: encrypted with a key of that person alone.","x-personal":true,"type":"object","properties":{"encryptedFor":{"type":"string","description":"Names the key: see `personalDataSubject`.","pattern":"^0x[0-9a-f]{40}/[1-9][0-9]*$"},"value":{"type":"string","description":"Base64.","pattern":"^[A-Za-z0-9+/]+={0,2}$"}},"required":["encryptedFor","value"],"additionalProperties":false},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["commandId","address","registration","displayName","email","bio","avatarUri","inputHash","at"],"additionalProperties":false};
const pattern231 = new RegExp("^0x[0-9a-f]{40}/[1-9][0-9]*$", "u");
const pattern232 = new RegExp("^[A-Za-z0-9+/]+={0,2}$", "u");

function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProfileUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.commandId === undefined) && (missing0 = "commandId")) || ((data.address === undefined) && (missing0 = "address"))) || ((data.registration === undefined) && (missing0 = "registration"))) || ((data.displayName === undefined) && (missing0 = "displayName"))) || ((data.email === undefined) && (missing0 = "email"))) || ((data.bio === undefined) && (missing0 = "bio"))) || ((data.avatarUri === undefined) && (missing0 = "avatarUri"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.at === undefined) && (missing0 = "at"))){
validate60.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema61.properties, key0))){
validate60.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.commandId !== undefined){
let data0 = data.commandId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate60.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.address !== undefined){
let data1 = data.address;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate60.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.registration !== undefined){
let data2 = data.registration;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate60.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate60.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.displayName !== undefined){
let data3 = data.displayName;
const _errs9 = errors;
if((!(data3 && typeof data3 == "object" && !Array.isArray(data3))) && (data3 !== null)){
validate60.errors = [{instancePath:instancePath+"/displayName",schemaPath:"#/properties/displayName/type",keyword:"type",params:{type: schema61.properties.displayName.type},message:"must be object,null"}];
return false;
}
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.encryptedFor === undefined) && (missing1 = "encryptedFor")) || ((data3.value === undefined) && (missing1 = "value"))){
validate60.errors = [{instancePath:instancePath+"/displayName",schemaPath:"#/properties/displayName/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!((key1 === "encryptedFor") || (key1 === "value"))){
validate60.errors = [{instancePath:instancePath+"/displayName",schemaPath:"#/properties/displayName/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.encryptedFor !== undefined){
let data4 = data3.encryptedFor;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern231.test(data4)){
validate60.errors = [{instancePath:instancePath+"/displayName/encryptedFor",schemaPath:"#/properties/displayName/properties/encryptedFor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{40}/[1-9][0-9]*$"},message:"must match pattern \""+"^0x[0-9a-f]{40}/[1-9][0-9]*$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/displayName/encryptedFor",schemaPath:"#/properties/displayName/properties/encryptedFor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.value !== undefined){
let data5 = data3.value;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern232.test(data5)){
validate60.errors = [{instancePath:instancePath+"/displayName/value",schemaPath:"#/properties/displayName/properties/value/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]+={0,2}$"},message:"must match pattern \""+"^[A-Za-z0-9+/]+={0,2}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/displayName/value",schemaPath:"#/properties/displayName/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.email !== undefined){
let data6 = data.email;
const _errs16 = errors;
if((!(data6 && typeof data6 == "object" && !Array.isArray(data6))) && (data6 !== null)){
validate60.errors = [{instancePath:instancePath+"/email",schemaPath:"#/properties/email/type",keyword:"type",params:{type: schema61.properties.email.type},message:"must be object,null"}];
return false;
}
if(errors === _errs16){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.encryptedFor === undefined) && (missing2 = "encryptedFor")) || ((data6.value === undefined) && (missing2 = "value"))){
validate60.errors = [{instancePath:instancePath+"/email",schemaPath:"#/properties/email/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs18 = errors;
for(const key2 in data6){
if(!((key2 === "encryptedFor") || (key2 === "value"))){
validate60.errors = [{instancePath:instancePath+"/email",schemaPath:"#/properties/email/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs18 === errors){
if(data6.encryptedFor !== undefined){
let data7 = data6.encryptedFor;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data7 === "string"){
if(!pattern231.test(data7)){
validate60.errors = [{instancePath:instancePath+"/email/encryptedFor",schemaPath:"#/properties/email/properties/encryptedFor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{40}/[1-9][0-9]*$"},message:"must match pattern \""+"^0x[0-9a-f]{40}/[1-9][0-9]*$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/email/encryptedFor",schemaPath:"#/properties/email/properties/encryptedFor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs19 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data6.value !== undefined){
let data8 = data6.value;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data8 === "string"){
if(!pattern232.test(data8)){
validate60.errors = [{instancePath:instancePath+"/email/value",schemaPath:"#/properties/email/properties/value/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]+={0,2}$"},message:"must match pattern \""+"^[A-Za-z0-9+/]+={0,2}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/email/value",schemaPath:"#/properties/email/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs21 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.bio !== undefined){
let data9 = data.bio;
const _errs23 = errors;
if((!(data9 && typeof data9 == "object" && !Array.isArray(data9))) && (data9 !== null)){
validate60.errors = [{instancePath:instancePath+"/bio",schemaPath:"#/properties/bio/type",keyword:"type",params:{type: schema61.properties.bio.type},message:"must be object,null"}];
return false;
}
if(errors === _errs23){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing3;
if(((data9.encryptedFor === undefined) && (missing3 = "encryptedFor")) || ((data9.value === undefined) && (missing3 = "value"))){
validate60.errors = [{instancePath:instancePath+"/bio",schemaPath:"#/properties/bio/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs25 = errors;
for(const key3 in data9){
if(!((key3 === "encryptedFor") || (key3 === "value"))){
validate60.errors = [{instancePath:instancePath+"/bio",schemaPath:"#/properties/bio/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs25 === errors){
if(data9.encryptedFor !== undefined){
let data10 = data9.encryptedFor;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data10 === "string"){
if(!pattern231.test(data10)){
validate60.errors = [{instancePath:instancePath+"/bio/encryptedFor",schemaPath:"#/properties/bio/properties/encryptedFor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{40}/[1-9][0-9]*$"},message:"must match pattern \""+"^0x[0-9a-f]{40}/[1-9][0-9]*$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/bio/encryptedFor",schemaPath:"#/properties/bio/properties/encryptedFor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs26 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data9.value !== undefined){
let data11 = data9.value;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data11 === "string"){
if(!pattern232.test(data11)){
validate60.errors = [{instancePath:instancePath+"/bio/value",schemaPath:"#/properties/bio/properties/value/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]+={0,2}$"},message:"must match pattern \""+"^[A-Za-z0-9+/]+={0,2}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/bio/value",schemaPath:"#/properties/bio/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs28 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.avatarUri !== undefined){
let data12 = data.avatarUri;
const _errs30 = errors;
if((!(data12 && typeof data12 == "object" && !Array.isArray(data12))) && (data12 !== null)){
validate60.errors = [{instancePath:instancePath+"/avatarUri",schemaPath:"#/properties/avatarUri/type",keyword:"type",params:{type: schema61.properties.avatarUri.type},message:"must be object,null"}];
return false;
}
if(errors === _errs30){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing4;
if(((data12.encryptedFor === undefined) && (missing4 = "encryptedFor")) || ((data12.value === undefined) && (missing4 = "value"))){
validate60.errors = [{instancePath:instancePath+"/avatarUri",schemaPath:"#/properties/avatarUri/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs32 = errors;
for(const key4 in data12){
if(!((key4 === "encryptedFor") || (key4 === "value"))){
validate60.errors = [{instancePath:instancePath+"/avatarUri",schemaPath:"#/properties/avatarUri/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs32 === errors){
if(data12.encryptedFor !== undefined){
let data13 = data12.encryptedFor;
const _errs33 = errors;
if(errors === _errs33){
if(typeof data13 === "string"){
if(!pattern231.test(data13)){
validate60.errors = [{instancePath:instancePath+"/avatarUri/encryptedFor",schemaPath:"#/properties/avatarUri/properties/encryptedFor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{40}/[1-9][0-9]*$"},message:"must match pattern \""+"^0x[0-9a-f]{40}/[1-9][0-9]*$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/avatarUri/encryptedFor",schemaPath:"#/properties/avatarUri/properties/encryptedFor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs33 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data12.value !== undefined){
let data14 = data12.value;
const _errs35 = errors;
if(errors === _errs35){
if(typeof data14 === "string"){
if(!pattern232.test(data14)){
validate60.errors = [{instancePath:instancePath+"/avatarUri/value",schemaPath:"#/properties/avatarUri/properties/value/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]+={0,2}$"},message:"must match pattern \""+"^[A-Za-z0-9+/]+={0,2}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/avatarUri/value",schemaPath:"#/properties/avatarUri/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs35 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data15 = data.inputHash;
const _errs37 = errors;
if(errors === _errs37){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing5;
if(((data15.encryptedFor === undefined) && (missing5 = "encryptedFor")) || ((data15.value === undefined) && (missing5 = "value"))){
validate60.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"}];
return false;
}
else {
const _errs39 = errors;
for(const key5 in data15){
if(!((key5 === "encryptedFor") || (key5 === "value"))){
validate60.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs39 === errors){
if(data15.encryptedFor !== undefined){
let data16 = data15.encryptedFor;
const _errs40 = errors;
if(errors === _errs40){
if(typeof data16 === "string"){
if(!pattern231.test(data16)){
validate60.errors = [{instancePath:instancePath+"/inputHash/encryptedFor",schemaPath:"#/properties/inputHash/properties/encryptedFor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{40}/[1-9][0-9]*$"},message:"must match pattern \""+"^0x[0-9a-f]{40}/[1-9][0-9]*$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/inputHash/encryptedFor",schemaPath:"#/properties/inputHash/properties/encryptedFor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs40 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data15.value !== undefined){
let data17 = data15.value;
const _errs42 = errors;
if(errors === _errs42){
if(typeof data17 === "string"){
if(!pattern232.test(data17)){
validate60.errors = [{instancePath:instancePath+"/inputHash/value",schemaPath:"#/properties/inputHash/properties/value/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]+={0,2}$"},message:"must match pattern \""+"^[A-Za-z0-9+/]+={0,2}$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/inputHash/value",schemaPath:"#/properties/inputHash/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs42 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
else {
validate60.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data18 = data.at;
const _errs44 = errors;
if(errors === _errs44){
if(typeof data18 === "string"){
if(!pattern3.test(data18)){
validate60.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate60.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs44 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate60.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate60.errors = vErrors;
return errors === 0;
}

const ProposalCanceled_v1 = validate61;

function validate61(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalCanceled.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.contract === undefined) && (missing0 = "contract")) || ((data.proposalId === undefined) && (missing0 = "proposalId"))){
validate61.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "proposalId") || (key0 === "contract")) || (key0 === "log"))){
validate61.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.proposalId !== undefined){
let data0 = data.proposalId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate61.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate61.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate61.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate61.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate61.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate61.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate61.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate61.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate61.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate61.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate61.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate61.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate61.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate61.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate61.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate61.errors = vErrors;
return errors === 0;
}

const ProposalCreated_v1 = validate62;
const schema63 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ProposalCreated.v1","title":"The data of ProposalCreated, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"proposer":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"targets":{"type":"array","items":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"description":"One each an action, in the order of execution."},"values":{"type":"array","items":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"description":"Wei."},"signatures":{"type":"array","items":{"type":"string"}},"calldatas":{"type":"array","items":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"clock":{"type":"string","enum":["BLOCKS","SECONDS"],"description":"What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch."},"voteStart":{"type":"integer","description":"By that clock: the moment whose votes count; voting begins with the next one.","minimum":0},"voteEnd":{"type":"integer","description":"By that clock: the last moment with voting.","minimum":0},"description":{"type":"string"},"descriptionHash":{"type":"string","description":"keccak256 of the description's bytes: what queueing and executing ask for.","pattern":"^0x[0-9a-f]{64}$"},"operationId":{"type":"string","description":"What the timelock will call the operation, reckoned from the actions and the description.","pattern":"^0x[0-9a-f]{64}$"},"proposalId":{"type":"string","description":"The Governor's hash of actions and description, an unsigned integer of 256 bits.","pattern":"^(0|[1-9][0-9]{0,77})$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["calldatas","clock","contract","description","descriptionHash","operationId","proposalId","proposer","signatures","targets","values","voteEnd","voteStart"]};

function validate62(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalCreated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((((((data.calldatas === undefined) && (missing0 = "calldatas")) || ((data.clock === undefined) && (missing0 = "clock"))) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.description === undefined) && (missing0 = "description"))) || ((data.descriptionHash === undefined) && (missing0 = "descriptionHash"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.proposalId === undefined) && (missing0 = "proposalId"))) || ((data.proposer === undefined) && (missing0 = "proposer"))) || ((data.signatures === undefined) && (missing0 = "signatures"))) || ((data.targets === undefined) && (missing0 = "targets"))) || ((data.values === undefined) && (missing0 = "values"))) || ((data.voteEnd === undefined) && (missing0 = "voteEnd"))) || ((data.voteStart === undefined) && (missing0 = "voteStart"))){
validate62.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema63.properties, key0))){
validate62.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.proposer !== undefined){
let data0 = data.proposer;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate62.errors = [{instancePath:instancePath+"/proposer",schemaPath:"#/properties/proposer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/proposer",schemaPath:"#/properties/proposer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.targets !== undefined){
let data1 = data.targets;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate62.errors = [{instancePath:instancePath+"/targets/" + i0,schemaPath:"#/properties/targets/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/targets/" + i0,schemaPath:"#/properties/targets/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/targets",schemaPath:"#/properties/targets/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.values !== undefined){
let data3 = data.values;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data3)){
var valid2 = true;
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
let data4 = data3[i1];
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate62.errors = [{instancePath:instancePath+"/values/" + i1,schemaPath:"#/properties/values/items/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/values/" + i1,schemaPath:"#/properties/values/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs11 === errors;
if(!valid2){
break;
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/values",schemaPath:"#/properties/values/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signatures !== undefined){
let data5 = data.signatures;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data5)){
var valid3 = true;
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
const _errs15 = errors;
if(typeof data5[i2] !== "string"){
validate62.errors = [{instancePath:instancePath+"/signatures/" + i2,schemaPath:"#/properties/signatures/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs15 === errors;
if(!valid3){
break;
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/signatures",schemaPath:"#/properties/signatures/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.calldatas !== undefined){
let data7 = data.calldatas;
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data7)){
var valid4 = true;
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
let data8 = data7[i3];
const _errs19 = errors;
if(errors === _errs19){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate62.errors = [{instancePath:instancePath+"/calldatas/" + i3,schemaPath:"#/properties/calldatas/items/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/calldatas/" + i3,schemaPath:"#/properties/calldatas/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs19 === errors;
if(!valid4){
break;
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/calldatas",schemaPath:"#/properties/calldatas/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.clock !== undefined){
let data9 = data.clock;
const _errs21 = errors;
if(typeof data9 !== "string"){
validate62.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data9 === "BLOCKS") || (data9 === "SECONDS"))){
validate62.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/enum",keyword:"enum",params:{allowedValues: schema63.properties.clock.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.voteStart !== undefined){
let data10 = data.voteStart;
const _errs23 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate62.errors = [{instancePath:instancePath+"/voteStart",schemaPath:"#/properties/voteStart/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs23){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate62.errors = [{instancePath:instancePath+"/voteStart",schemaPath:"#/properties/voteStart/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.voteEnd !== undefined){
let data11 = data.voteEnd;
const _errs25 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate62.errors = [{instancePath:instancePath+"/voteEnd",schemaPath:"#/properties/voteEnd/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs25){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
validate62.errors = [{instancePath:instancePath+"/voteEnd",schemaPath:"#/properties/voteEnd/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.description !== undefined){
const _errs27 = errors;
if(typeof data.description !== "string"){
validate62.errors = [{instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs27 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.descriptionHash !== undefined){
let data13 = data.descriptionHash;
const _errs29 = errors;
if(errors === _errs29){
if(typeof data13 === "string"){
if(!pattern23.test(data13)){
validate62.errors = [{instancePath:instancePath+"/descriptionHash",schemaPath:"#/properties/descriptionHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/descriptionHash",schemaPath:"#/properties/descriptionHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data14 = data.operationId;
const _errs31 = errors;
if(errors === _errs31){
if(typeof data14 === "string"){
if(!pattern23.test(data14)){
validate62.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proposalId !== undefined){
let data15 = data.proposalId;
const _errs33 = errors;
if(errors === _errs33){
if(typeof data15 === "string"){
if(!pattern20.test(data15)){
validate62.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data16 = data.contract;
const _errs35 = errors;
if(errors === _errs35){
if(typeof data16 === "string"){
if(!pattern0.test(data16)){
validate62.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data17 = data.log;
const _errs37 = errors;
if(errors === _errs37){
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
let missing1;
if((((data17.address === undefined) && (missing1 = "address")) || ((data17.topics === undefined) && (missing1 = "topics"))) || ((data17.data === undefined) && (missing1 = "data"))){
validate62.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs39 = errors;
for(const key1 in data17){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate62.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs39 === errors){
if(data17.address !== undefined){
let data18 = data17.address;
const _errs40 = errors;
if(errors === _errs40){
if(typeof data18 === "string"){
if(!pattern0.test(data18)){
validate62.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs40 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data17.topics !== undefined){
let data19 = data17.topics;
const _errs42 = errors;
if(errors === _errs42){
if(Array.isArray(data19)){
var valid6 = true;
const len4 = data19.length;
for(let i4=0; i4<len4; i4++){
let data20 = data19[i4];
const _errs44 = errors;
if(errors === _errs44){
if(typeof data20 === "string"){
if(!pattern23.test(data20)){
validate62.errors = [{instancePath:instancePath+"/log/topics/" + i4,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/log/topics/" + i4,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs44 === errors;
if(!valid6){
break;
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid5 = _errs42 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data17.data !== undefined){
let data21 = data17.data;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data21 === "string"){
if(!pattern1.test(data21)){
validate62.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate62.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs46 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
else {
validate62.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate62.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate62.errors = vErrors;
return errors === 0;
}

const ProposalExecuted_v1 = validate63;

function validate63(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalExecuted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.contract === undefined) && (missing0 = "contract")) || ((data.proposalId === undefined) && (missing0 = "proposalId"))){
validate63.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "proposalId") || (key0 === "contract")) || (key0 === "log"))){
validate63.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.proposalId !== undefined){
let data0 = data.proposalId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate63.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate63.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate63.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate63.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate63.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate63.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate63.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate63.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate63.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate63.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate63.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate63.errors = vErrors;
return errors === 0;
}

const ProposalExtended_v1 = validate64;

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalExtended.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.proposalId === undefined) && (missing0 = "proposalId"))) || ((data.voteEnd === undefined) && (missing0 = "voteEnd"))){
validate64.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "voteEnd") || (key0 === "proposalId")) || (key0 === "contract")) || (key0 === "log"))){
validate64.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.voteEnd !== undefined){
let data0 = data.voteEnd;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate64.errors = [{instancePath:instancePath+"/voteEnd",schemaPath:"#/properties/voteEnd/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate64.errors = [{instancePath:instancePath+"/voteEnd",schemaPath:"#/properties/voteEnd/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proposalId !== undefined){
let data1 = data.proposalId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate64.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate64.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate64.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate64.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate64.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate64.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate64.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate64.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate64.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate64.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate64.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate64.errors = vErrors;
return errors === 0;
}

const ProposalQueued_v1 = validate65;

function validate65(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalQueued.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.eta === undefined) && (missing0 = "eta"))) || ((data.proposalId === undefined) && (missing0 = "proposalId"))){
validate65.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "eta") || (key0 === "proposalId")) || (key0 === "contract")) || (key0 === "log"))){
validate65.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.eta !== undefined){
let data0 = data.eta;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate65.errors = [{instancePath:instancePath+"/eta",schemaPath:"#/properties/eta/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate65.errors = [{instancePath:instancePath+"/eta",schemaPath:"#/properties/eta/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proposalId !== undefined){
let data1 = data.proposalId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate65.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate65.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate65.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate65.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate65.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate65.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate65.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate65.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate65.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate65.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate65.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate65.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate65.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate65.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate65.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate65.errors = vErrors;
return errors === 0;
}

const ProposalThresholdSet_v1 = validate66;

function validate66(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProposalThresholdSet.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate66.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldValue") || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate66.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldValue !== undefined){
let data0 = data.oldValue;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate66.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data1 = data.newValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate66.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate66.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate66.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate66.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate66.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate66.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate66.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate66.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate66.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate66.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate66.errors = vErrors;
return errors === 0;
}

const ProtocolFeeUpdated_v1 = validate67;

function validate67(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProtocolFeeUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newFee === undefined) && (missing0 = "newFee"))) || ((data.oldFee === undefined) && (missing0 = "oldFee"))){
validate67.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldFee") || (key0 === "newFee")) || (key0 === "contract")) || (key0 === "log"))){
validate67.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldFee !== undefined){
let data0 = data.oldFee;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate67.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newFee !== undefined){
let data1 = data.newFee;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate67.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate67.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate67.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate67.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate67.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate67.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate67.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate67.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate67.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate67.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate67.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate67.errors = vErrors;
return errors === 0;
}

const ProtocolFeesCollected_v1 = validate68;

function validate68(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ProtocolFeesCollected.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.recipient === undefined) && (missing0 = "recipient"))) || ((data.token === undefined) && (missing0 = "token"))){
validate68.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "token") || (key0 === "recipient")) || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate68.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.token !== undefined){
let data0 = data.token;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate68.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recipient !== undefined){
let data1 = data.recipient;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate68.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/recipient",schemaPath:"#/properties/recipient/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data2 = data.amount;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate68.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate68.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate68.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate68.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate68.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate68.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate68.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate68.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate68.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate68.errors = vErrors;
return errors === 0;
}

const QuorumNumeratorUpdated_v1 = validate69;

function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="QuorumNumeratorUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate69.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldValue") || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate69.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldValue !== undefined){
let data0 = data.oldValue;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate69.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data1 = data.newValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate69.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate69.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate69.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate69.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate69.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate69.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate69.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate69.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate69.errors = vErrors;
return errors === 0;
}

const RelayAttemptFailed_v1 = validate70;

function validate70(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RelayAttemptFailed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.attempt === undefined) && (missing0 = "attempt")) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.retryAt === undefined) && (missing0 = "retryAt"))){
validate70.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "attempt") || (key0 === "reason")) || (key0 === "retryAt")) || (key0 === "commandId")) || (key0 === "chainId"))){
validate70.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.attempt !== undefined){
let data0 = data.attempt;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate70.errors = [{instancePath:instancePath+"/attempt",schemaPath:"#/properties/attempt/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate70.errors = [{instancePath:instancePath+"/attempt",schemaPath:"#/properties/attempt/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs5 = errors;
if(typeof data.reason !== "string"){
validate70.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retryAt !== undefined){
let data2 = data.retryAt;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate70.errors = [{instancePath:instancePath+"/retryAt",schemaPath:"#/properties/retryAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate70.errors = [{instancePath:instancePath+"/retryAt",schemaPath:"#/properties/retryAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data3 = data.commandId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate70.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate70.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data4 = data.chainId;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate70.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate70.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate70.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate70.errors = vErrors;
return errors === 0;
}

const RelayAuthorized_v1 = validate71;

function validate71(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RelayAuthorized.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.signature === undefined) && (missing0 = "signature"))){
validate71.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "signature") || (key0 === "commandId")) || (key0 === "chainId"))){
validate71.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.signature !== undefined){
let data0 = data.signature;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern1.test(data0)){
validate71.errors = [{instancePath:instancePath+"/signature",schemaPath:"#/properties/signature/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate71.errors = [{instancePath:instancePath+"/signature",schemaPath:"#/properties/signature/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data1 = data.commandId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate71.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate71.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data2 = data.chainId;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate71.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate71.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate71.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate71.errors = vErrors;
return errors === 0;
}

const RelayRequested_v1 = validate72;

function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RelayRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.forward === undefined) && (missing0 = "forward"))){
validate72.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "forward") || (key0 === "commandId")) || (key0 === "chainId"))){
validate72.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.forward !== undefined){
let data0 = data.forward;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if((((((((data0.from === undefined) && (missing1 = "from")) || ((data0.to === undefined) && (missing1 = "to"))) || ((data0.value === undefined) && (missing1 = "value"))) || ((data0.gas === undefined) && (missing1 = "gas"))) || ((data0.nonce === undefined) && (missing1 = "nonce"))) || ((data0.deadline === undefined) && (missing1 = "deadline"))) || ((data0.data === undefined) && (missing1 = "data"))){
validate72.errors = [{instancePath:instancePath+"/forward",schemaPath:"#/properties/forward/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!(((((((key1 === "from") || (key1 === "to")) || (key1 === "value")) || (key1 === "gas")) || (key1 === "nonce")) || (key1 === "deadline")) || (key1 === "data"))){
validate72.errors = [{instancePath:instancePath+"/forward",schemaPath:"#/properties/forward/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.from !== undefined){
let data1 = data0.from;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate72.errors = [{instancePath:instancePath+"/forward/from",schemaPath:"#/properties/forward/properties/from/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/from",schemaPath:"#/properties/forward/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.to !== undefined){
let data2 = data0.to;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate72.errors = [{instancePath:instancePath+"/forward/to",schemaPath:"#/properties/forward/properties/to/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/to",schemaPath:"#/properties/forward/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.value !== undefined){
let data3 = data0.value;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate72.errors = [{instancePath:instancePath+"/forward/value",schemaPath:"#/properties/forward/properties/value/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/value",schemaPath:"#/properties/forward/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.gas !== undefined){
let data4 = data0.gas;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate72.errors = [{instancePath:instancePath+"/forward/gas",schemaPath:"#/properties/forward/properties/gas/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/gas",schemaPath:"#/properties/forward/properties/gas/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.nonce !== undefined){
let data5 = data0.nonce;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate72.errors = [{instancePath:instancePath+"/forward/nonce",schemaPath:"#/properties/forward/properties/nonce/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/nonce",schemaPath:"#/properties/forward/properties/nonce/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.deadline !== undefined){
let data6 = data0.deadline;
const _errs16 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate72.errors = [{instancePath:instancePath+"/forward/deadline",schemaPath:"#/properties/forward/properties/deadline/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs16){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate72.errors = [{instancePath:instancePath+"/forward/deadline",schemaPath:"#/properties/forward/properties/deadline/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.data !== undefined){
let data7 = data0.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate72.errors = [{instancePath:instancePath+"/forward/data",schemaPath:"#/properties/forward/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward/data",schemaPath:"#/properties/forward/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate72.errors = [{instancePath:instancePath+"/forward",schemaPath:"#/properties/forward/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data8 = data.commandId;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern5.test(data8)){
validate72.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data9 = data.chainId;
const _errs22 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate72.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs22){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 1 || isNaN(data9)){
validate72.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate72.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate72.errors = vErrors;
return errors === 0;
}

const RelayerTransactionSigned_v1 = validate73;

function validate73(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RelayerTransactionSigned.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.relayer === undefined) && (missing0 = "relayer"))) || ((data.nonce === undefined) && (missing0 = "nonce"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.txHash === undefined) && (missing0 = "txHash"))) || ((data.rawTransaction === undefined) && (missing0 = "rawTransaction"))) || ((data.replaces === undefined) && (missing0 = "replaces"))){
validate73.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "chainId") || (key0 === "relayer")) || (key0 === "nonce")) || (key0 === "commandId")) || (key0 === "txHash")) || (key0 === "rawTransaction")) || (key0 === "replaces"))){
validate73.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.chainId !== undefined){
let data0 = data.chainId;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate73.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 1 || isNaN(data0)){
validate73.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.relayer !== undefined){
let data1 = data.relayer;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate73.errors = [{instancePath:instancePath+"/relayer",schemaPath:"#/properties/relayer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate73.errors = [{instancePath:instancePath+"/relayer",schemaPath:"#/properties/relayer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nonce !== undefined){
let data2 = data.nonce;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate73.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate73.errors = [{instancePath:instancePath+"/nonce",schemaPath:"#/properties/nonce/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data3 = data.commandId;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
validate73.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate73.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.txHash !== undefined){
let data4 = data.txHash;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern23.test(data4)){
validate73.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate73.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rawTransaction !== undefined){
let data5 = data.rawTransaction;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
validate73.errors = [{instancePath:instancePath+"/rawTransaction",schemaPath:"#/properties/rawTransaction/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate73.errors = [{instancePath:instancePath+"/rawTransaction",schemaPath:"#/properties/rawTransaction/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.replaces !== undefined){
let data6 = data.replaces;
const _errs15 = errors;
const _errs16 = errors;
let valid1 = false;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
const err0 = {instancePath:instancePath+"/replaces",schemaPath:"#/properties/replaces/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath:instancePath+"/replaces",schemaPath:"#/properties/replaces/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs17 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs19 = errors;
if(data6 !== null){
const err2 = {instancePath:instancePath+"/replaces",schemaPath:"#/properties/replaces/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs19 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/replaces",schemaPath:"#/properties/replaces/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate73.errors = vErrors;
return false;
}
else {
errors = _errs16;
if(vErrors !== null){
if(_errs16){
vErrors.length = _errs16;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate73.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate73.errors = vErrors;
return errors === 0;
}

const ReportRequested_v1 = validate74;
const schema75 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"ReportRequested.v1","title":"The data of ReportRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"kind":{"type":"string","description":"`ACCOUNT`, `MARKET`, …"},"query":{"type":"string","description":"What is asked for, in canonical JSON."},"treeSize":{"type":"string","description":"Events that it is made of: the first ones of the log.","pattern":"^(0|[1-9][0-9]{0,77})$"},"root":{"type":"string","description":"Of their tree, in base64."},"requestedBy":{"type":"string","description":"A checksummed address, or `operator:<name>` at the machine itself."},"reason":{"type":"string"},"opensPersonalData":{"type":"boolean","description":"Whether people's own words were opened for it."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"reportId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}},"required":["at","kind","opensPersonalData","query","reason","reportId","requestedBy","root","treeSize"]};

function validate74(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ReportRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.at === undefined) && (missing0 = "at")) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.opensPersonalData === undefined) && (missing0 = "opensPersonalData"))) || ((data.query === undefined) && (missing0 = "query"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.reportId === undefined) && (missing0 = "reportId"))) || ((data.requestedBy === undefined) && (missing0 = "requestedBy"))) || ((data.root === undefined) && (missing0 = "root"))) || ((data.treeSize === undefined) && (missing0 = "treeSize"))){
validate74.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema75.properties, key0))){
validate74.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.kind !== undefined){
const _errs3 = errors;
if(typeof data.kind !== "string"){
validate74.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.query !== undefined){
const _errs5 = errors;
if(typeof data.query !== "string"){
validate74.errors = [{instancePath:instancePath+"/query",schemaPath:"#/properties/query/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.treeSize !== undefined){
let data2 = data.treeSize;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate74.errors = [{instancePath:instancePath+"/treeSize",schemaPath:"#/properties/treeSize/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate74.errors = [{instancePath:instancePath+"/treeSize",schemaPath:"#/properties/treeSize/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.root !== undefined){
const _errs9 = errors;
if(typeof data.root !== "string"){
validate74.errors = [{instancePath:instancePath+"/root",schemaPath:"#/properties/root/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs11 = errors;
if(typeof data.requestedBy !== "string"){
validate74.errors = [{instancePath:instancePath+"/requestedBy",schemaPath:"#/properties/requestedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs13 = errors;
if(typeof data.reason !== "string"){
validate74.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.opensPersonalData !== undefined){
const _errs15 = errors;
if(typeof data.opensPersonalData !== "boolean"){
validate74.errors = [{instancePath:instancePath+"/opensPersonalData",schemaPath:"#/properties/opensPersonalData/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data7 = data.at;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data7 === "string"){
if(!pattern3.test(data7)){
validate74.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate74.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reportId !== undefined){
let data8 = data.reportId;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data8 === "string"){
if(!pattern5.test(data8)){
validate74.errors = [{instancePath:instancePath+"/reportId",schemaPath:"#/properties/reportId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate74.errors = [{instancePath:instancePath+"/reportId",schemaPath:"#/properties/reportId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate74.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate74.errors = vErrors;
return errors === 0;
}

const ReportWritten_v1 = validate75;

function validate75(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="ReportWritten.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.at === undefined) && (missing0 = "at")) || ((data.name === undefined) && (missing0 = "name"))) || ((data.reportId === undefined) && (missing0 = "reportId"))){
validate75.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "name") || (key0 === "at")) || (key0 === "reportId"))){
validate75.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.name !== undefined){
const _errs3 = errors;
if(typeof data.name !== "string"){
validate75.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data1 = data.at;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate75.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate75.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reportId !== undefined){
let data2 = data.reportId;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate75.errors = [{instancePath:instancePath+"/reportId",schemaPath:"#/properties/reportId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate75.errors = [{instancePath:instancePath+"/reportId",schemaPath:"#/properties/reportId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate75.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate75.errors = vErrors;
return errors === 0;
}

const RequestConfirmed_v1 = validate76;

function validate76(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestConfirmed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.blockHash === undefined) && (missing0 = "blockHash")) || ((data.blockNumber === undefined) && (missing0 = "blockNumber"))) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.outcome === undefined) && (missing0 = "outcome"))) || ((data.txHash === undefined) && (missing0 = "txHash"))){
validate76.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "txHash") || (key0 === "blockNumber")) || (key0 === "blockHash")) || (key0 === "outcome")) || (key0 === "commandId")) || (key0 === "chainId"))){
validate76.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate76.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate76.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockNumber !== undefined){
let data1 = data.blockNumber;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate76.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate76.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockHash !== undefined){
let data2 = data.blockHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern23.test(data2)){
validate76.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate76.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.outcome !== undefined){
let data3 = data.outcome;
const _errs9 = errors;
const _errs10 = errors;
let valid1 = false;
const _errs11 = errors;
if(errors === _errs11){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.kind === undefined) && (missing1 = "kind")) || ((data3.tokenAddress === undefined) && (missing1 = "tokenAddress"))){
const err0 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/0/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
const _errs13 = errors;
for(const key1 in data3){
if(!((key1 === "kind") || (key1 === "tokenAddress"))){
const err1 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
break;
}
}
if(_errs13 === errors){
if(data3.kind !== undefined){
let data4 = data3.kind;
const _errs14 = errors;
if(typeof data4 !== "string"){
const err2 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/0/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if("CREATE_TOKEN" !== data4){
const err3 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/0/properties/kind/const",keyword:"const",params:{allowedValue: "CREATE_TOKEN"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.tokenAddress !== undefined){
let data5 = data3.tokenAddress;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
const err4 = {instancePath:instancePath+"/outcome/tokenAddress",schemaPath:"#/properties/outcome/anyOf/0/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/outcome/tokenAddress",schemaPath:"#/properties/outcome/anyOf/0/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
const err6 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs18 = errors;
if(errors === _errs18){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if(((data3.kind === undefined) && (missing2 = "kind")) || ((data3.tokenAddress === undefined) && (missing2 = "tokenAddress"))){
const err7 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/1/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
const _errs20 = errors;
for(const key2 in data3){
if(!((key2 === "kind") || (key2 === "tokenAddress"))){
const err8 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
break;
}
}
if(_errs20 === errors){
if(data3.kind !== undefined){
let data6 = data3.kind;
const _errs21 = errors;
if(typeof data6 !== "string"){
const err9 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/1/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if("DEACTIVATE_TOKEN" !== data6){
const err10 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/1/properties/kind/const",keyword:"const",params:{allowedValue: "DEACTIVATE_TOKEN"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var valid3 = _errs21 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.tokenAddress !== undefined){
let data7 = data3.tokenAddress;
const _errs23 = errors;
if(errors === _errs23){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
const err11 = {instancePath:instancePath+"/outcome/tokenAddress",schemaPath:"#/properties/outcome/anyOf/1/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/outcome/tokenAddress",schemaPath:"#/properties/outcome/anyOf/1/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid3 = _errs23 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
const err13 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var _valid0 = _errs18 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs25 = errors;
if(errors === _errs25){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing3;
if((((data3.kind === undefined) && (missing3 = "kind")) || ((data3.poolId === undefined) && (missing3 = "poolId"))) || ((data3.liquidity === undefined) && (missing3 = "liquidity"))){
const err14 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/2/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
const _errs27 = errors;
for(const key3 in data3){
if(!(((key3 === "kind") || (key3 === "poolId")) || (key3 === "liquidity"))){
const err15 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
break;
}
}
if(_errs27 === errors){
if(data3.kind !== undefined){
let data8 = data3.kind;
const _errs28 = errors;
if(typeof data8 !== "string"){
const err16 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/2/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if("CREATE_POOL" !== data8){
const err17 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/2/properties/kind/const",keyword:"const",params:{allowedValue: "CREATE_POOL"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var valid4 = _errs28 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data3.poolId !== undefined){
let data9 = data3.poolId;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
const err18 = {instancePath:instancePath+"/outcome/poolId",schemaPath:"#/properties/outcome/anyOf/2/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/outcome/poolId",schemaPath:"#/properties/outcome/anyOf/2/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
var valid4 = _errs30 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data3.liquidity !== undefined){
let data10 = data3.liquidity;
const _errs32 = errors;
if(errors === _errs32){
if(typeof data10 === "string"){
if(!pattern20.test(data10)){
const err20 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/2/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/2/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
var valid4 = _errs32 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
else {
const err22 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
var _valid0 = _errs25 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs34 = errors;
if(errors === _errs34){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing4;
if((((data3.kind === undefined) && (missing4 = "kind")) || ((data3.amountIn === undefined) && (missing4 = "amountIn"))) || ((data3.amountOut === undefined) && (missing4 = "amountOut"))){
const err23 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/3/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
else {
const _errs36 = errors;
for(const key4 in data3){
if(!(((key4 === "kind") || (key4 === "amountIn")) || (key4 === "amountOut"))){
const err24 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/3/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
break;
}
}
if(_errs36 === errors){
if(data3.kind !== undefined){
let data11 = data3.kind;
const _errs37 = errors;
if(typeof data11 !== "string"){
const err25 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/3/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if("SWAP" !== data11){
const err26 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/3/properties/kind/const",keyword:"const",params:{allowedValue: "SWAP"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
var valid5 = _errs37 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data3.amountIn !== undefined){
let data12 = data3.amountIn;
const _errs39 = errors;
if(errors === _errs39){
if(typeof data12 === "string"){
if(!pattern20.test(data12)){
const err27 = {instancePath:instancePath+"/outcome/amountIn",schemaPath:"#/properties/outcome/anyOf/3/properties/amountIn/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/outcome/amountIn",schemaPath:"#/properties/outcome/anyOf/3/properties/amountIn/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
var valid5 = _errs39 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data3.amountOut !== undefined){
let data13 = data3.amountOut;
const _errs41 = errors;
if(errors === _errs41){
if(typeof data13 === "string"){
if(!pattern20.test(data13)){
const err29 = {instancePath:instancePath+"/outcome/amountOut",schemaPath:"#/properties/outcome/anyOf/3/properties/amountOut/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/outcome/amountOut",schemaPath:"#/properties/outcome/anyOf/3/properties/amountOut/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
var valid5 = _errs41 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
else {
const err31 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/3/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
var _valid0 = _errs34 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs43 = errors;
if(errors === _errs43){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing5;
if(((((data3.amountA === undefined) && (missing5 = "amountA")) || ((data3.amountB === undefined) && (missing5 = "amountB"))) || ((data3.kind === undefined) && (missing5 = "kind"))) || ((data3.liquidity === undefined) && (missing5 = "liquidity"))){
const err32 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/4/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
else {
const _errs45 = errors;
for(const key5 in data3){
if(!((((key5 === "amountA") || (key5 === "amountB")) || (key5 === "liquidity")) || (key5 === "kind"))){
const err33 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/4/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
break;
}
}
if(_errs45 === errors){
if(data3.amountA !== undefined){
let data14 = data3.amountA;
const _errs46 = errors;
if(errors === _errs46){
if(typeof data14 === "string"){
if(!pattern20.test(data14)){
const err34 = {instancePath:instancePath+"/outcome/amountA",schemaPath:"#/properties/outcome/anyOf/4/properties/amountA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/outcome/amountA",schemaPath:"#/properties/outcome/anyOf/4/properties/amountA/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
var valid6 = _errs46 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data3.amountB !== undefined){
let data15 = data3.amountB;
const _errs48 = errors;
if(errors === _errs48){
if(typeof data15 === "string"){
if(!pattern20.test(data15)){
const err36 = {instancePath:instancePath+"/outcome/amountB",schemaPath:"#/properties/outcome/anyOf/4/properties/amountB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/outcome/amountB",schemaPath:"#/properties/outcome/anyOf/4/properties/amountB/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
var valid6 = _errs48 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data3.liquidity !== undefined){
let data16 = data3.liquidity;
const _errs50 = errors;
if(errors === _errs50){
if(typeof data16 === "string"){
if(!pattern20.test(data16)){
const err38 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/4/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/4/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
var valid6 = _errs50 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data3.kind !== undefined){
let data17 = data3.kind;
const _errs52 = errors;
if(typeof data17 !== "string"){
const err40 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/4/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if("ADD_LIQUIDITY" !== data17){
const err41 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/4/properties/kind/const",keyword:"const",params:{allowedValue: "ADD_LIQUIDITY"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
var valid6 = _errs52 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
else {
const err42 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/4/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
var _valid0 = _errs43 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs54 = errors;
if(errors === _errs54){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing6;
if(((((data3.amountA === undefined) && (missing6 = "amountA")) || ((data3.amountB === undefined) && (missing6 = "amountB"))) || ((data3.kind === undefined) && (missing6 = "kind"))) || ((data3.liquidity === undefined) && (missing6 = "liquidity"))){
const err43 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/5/required",keyword:"required",params:{missingProperty: missing6},message:"must have required property '"+missing6+"'"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
else {
const _errs56 = errors;
for(const key6 in data3){
if(!((((key6 === "amountA") || (key6 === "amountB")) || (key6 === "liquidity")) || (key6 === "kind"))){
const err44 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/5/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
break;
}
}
if(_errs56 === errors){
if(data3.amountA !== undefined){
let data18 = data3.amountA;
const _errs57 = errors;
if(errors === _errs57){
if(typeof data18 === "string"){
if(!pattern20.test(data18)){
const err45 = {instancePath:instancePath+"/outcome/amountA",schemaPath:"#/properties/outcome/anyOf/5/properties/amountA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/outcome/amountA",schemaPath:"#/properties/outcome/anyOf/5/properties/amountA/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
var valid7 = _errs57 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data3.amountB !== undefined){
let data19 = data3.amountB;
const _errs59 = errors;
if(errors === _errs59){
if(typeof data19 === "string"){
if(!pattern20.test(data19)){
const err47 = {instancePath:instancePath+"/outcome/amountB",schemaPath:"#/properties/outcome/anyOf/5/properties/amountB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/outcome/amountB",schemaPath:"#/properties/outcome/anyOf/5/properties/amountB/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
var valid7 = _errs59 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data3.liquidity !== undefined){
let data20 = data3.liquidity;
const _errs61 = errors;
if(errors === _errs61){
if(typeof data20 === "string"){
if(!pattern20.test(data20)){
const err49 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/5/properties/liquidity/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/outcome/liquidity",schemaPath:"#/properties/outcome/anyOf/5/properties/liquidity/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
var valid7 = _errs61 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data3.kind !== undefined){
let data21 = data3.kind;
const _errs63 = errors;
if(typeof data21 !== "string"){
const err51 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/5/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if("REMOVE_LIQUIDITY" !== data21){
const err52 = {instancePath:instancePath+"/outcome/kind",schemaPath:"#/properties/outcome/anyOf/5/properties/kind/const",keyword:"const",params:{allowedValue: "REMOVE_LIQUIDITY"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
var valid7 = _errs63 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
}
}
else {
const err53 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf/5/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
var _valid0 = _errs54 === errors;
valid1 = valid1 || _valid0;
}
}
}
}
}
if(!valid1){
const err54 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
validate76.errors = vErrors;
return false;
}
else {
errors = _errs10;
if(vErrors !== null){
if(_errs10){
vErrors.length = _errs10;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data22 = data.commandId;
const _errs65 = errors;
if(errors === _errs65){
if(typeof data22 === "string"){
if(!pattern5.test(data22)){
validate76.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate76.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs65 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data23 = data.chainId;
const _errs67 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate76.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs67){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 1 || isNaN(data23)){
validate76.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs67 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate76.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate76.errors = vErrors;
return errors === 0;
}

const RequestExpired_v1 = validate77;

function validate77(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestExpired.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.at === undefined) && (missing0 = "at")) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))){
validate77.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "at") || (key0 === "commandId")) || (key0 === "chainId"))){
validate77.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.at !== undefined){
let data0 = data.at;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern3.test(data0)){
validate77.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate77.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data1 = data.commandId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate77.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate77.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data2 = data.chainId;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate77.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate77.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate77.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate77.errors = vErrors;
return errors === 0;
}

const RequestFailed_v1 = validate78;

function validate78(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestFailed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.code === undefined) && (missing0 = "code"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate78.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "code") || (key0 === "reason")) || (key0 === "commandId")) || (key0 === "chainId"))){
validate78.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.code !== undefined){
const _errs3 = errors;
if(typeof data.code !== "string"){
validate78.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs5 = errors;
if(typeof data.reason !== "string"){
validate78.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data2 = data.commandId;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate78.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate78.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data3 = data.chainId;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate78.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate78.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate78.errors = vErrors;
return errors === 0;
}

const RequestFinalized_v1 = validate79;

function validate79(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestFinalized.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.blockNumber === undefined) && (missing0 = "blockNumber")) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))){
validate79.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "blockNumber") || (key0 === "commandId")) || (key0 === "chainId"))){
validate79.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.blockNumber !== undefined){
let data0 = data.blockNumber;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate79.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate79.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data1 = data.commandId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate79.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate79.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data2 = data.chainId;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate79.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate79.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate79.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate79.errors = vErrors;
return errors === 0;
}

const RequestRetracted_v1 = validate80;

function validate80(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestRetracted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.blockHash === undefined) && (missing0 = "blockHash")) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.txHash === undefined) && (missing0 = "txHash"))){
validate80.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "txHash") || (key0 === "blockHash")) || (key0 === "commandId")) || (key0 === "chainId"))){
validate80.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate80.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate80.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockHash !== undefined){
let data1 = data.blockHash;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate80.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate80.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data2 = data.commandId;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate80.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate80.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data3 = data.chainId;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate80.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate80.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate80.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate80.errors = vErrors;
return errors === 0;
}

const RequestReverted_v1 = validate81;
const schema82 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"RequestReverted.v1","title":"The data of RequestReverted, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"txHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"blockNumber":{"type":"integer","description":"Number of a block.","minimum":0},"blockHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"reason":{"type":["string","null"],"description":"Null where the provider does not tell it."},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1}},"required":["blockHash","blockNumber","chainId","commandId","reason","txHash"]};

function validate81(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestReverted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.blockHash === undefined) && (missing0 = "blockHash")) || ((data.blockNumber === undefined) && (missing0 = "blockNumber"))) || ((data.chainId === undefined) && (missing0 = "chainId"))) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.txHash === undefined) && (missing0 = "txHash"))){
validate81.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "txHash") || (key0 === "blockNumber")) || (key0 === "blockHash")) || (key0 === "reason")) || (key0 === "commandId")) || (key0 === "chainId"))){
validate81.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate81.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate81.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockNumber !== undefined){
let data1 = data.blockNumber;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate81.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate81.errors = [{instancePath:instancePath+"/blockNumber",schemaPath:"#/properties/blockNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blockHash !== undefined){
let data2 = data.blockHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern23.test(data2)){
validate81.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate81.errors = [{instancePath:instancePath+"/blockHash",schemaPath:"#/properties/blockHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data3 = data.reason;
const _errs9 = errors;
if((typeof data3 !== "string") && (data3 !== null)){
validate81.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: schema82.properties.reason.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data4 = data.commandId;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern5.test(data4)){
validate81.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate81.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data5 = data.chainId;
const _errs13 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate81.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate81.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate81.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate81.errors = vErrors;
return errors === 0;
}

const RequestSubmitted_v1 = validate82;

function validate82(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RequestSubmitted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.txHash === undefined) && (missing0 = "txHash"))){
validate82.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "txHash") || (key0 === "commandId")) || (key0 === "chainId"))){
validate82.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate82.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate82.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data1 = data.commandId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate82.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate82.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data2 = data.chainId;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate82.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate82.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate82.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate82.errors = vErrors;
return errors === 0;
}

const RoleAdminChanged_v1 = validate83;

function validate83(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RoleAdminChanged.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.newAdminRole === undefined) && (missing0 = "newAdminRole"))) || ((data.previousAdminRole === undefined) && (missing0 = "previousAdminRole"))) || ((data.role === undefined) && (missing0 = "role"))){
validate83.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "role") || (key0 === "previousAdminRole")) || (key0 === "newAdminRole")) || (key0 === "contract")) || (key0 === "log"))){
validate83.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.role !== undefined){
let data0 = data.role;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate83.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.previousAdminRole !== undefined){
let data1 = data.previousAdminRole;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate83.errors = [{instancePath:instancePath+"/previousAdminRole",schemaPath:"#/properties/previousAdminRole/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/previousAdminRole",schemaPath:"#/properties/previousAdminRole/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newAdminRole !== undefined){
let data2 = data.newAdminRole;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern23.test(data2)){
validate83.errors = [{instancePath:instancePath+"/newAdminRole",schemaPath:"#/properties/newAdminRole/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/newAdminRole",schemaPath:"#/properties/newAdminRole/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate83.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate83.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate83.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate83.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate83.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate83.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate83.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate83.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate83.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate83.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate83.errors = vErrors;
return errors === 0;
}

const RoleGranted_v1 = validate84;

function validate84(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RoleGranted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.account === undefined) && (missing0 = "account")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.role === undefined) && (missing0 = "role"))) || ((data.sender === undefined) && (missing0 = "sender"))){
validate84.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "role") || (key0 === "account")) || (key0 === "sender")) || (key0 === "contract")) || (key0 === "log"))){
validate84.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.role !== undefined){
let data0 = data.role;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate84.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account !== undefined){
let data1 = data.account;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate84.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sender !== undefined){
let data2 = data.sender;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate84.errors = [{instancePath:instancePath+"/sender",schemaPath:"#/properties/sender/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/sender",schemaPath:"#/properties/sender/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate84.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate84.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate84.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate84.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate84.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate84.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate84.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate84.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate84.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate84.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate84.errors = vErrors;
return errors === 0;
}

const RoleRevoked_v1 = validate85;

function validate85(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="RoleRevoked.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.account === undefined) && (missing0 = "account")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.role === undefined) && (missing0 = "role"))) || ((data.sender === undefined) && (missing0 = "sender"))){
validate85.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "role") || (key0 === "account")) || (key0 === "sender")) || (key0 === "contract")) || (key0 === "log"))){
validate85.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.role !== undefined){
let data0 = data.role;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate85.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.account !== undefined){
let data1 = data.account;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate85.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sender !== undefined){
let data2 = data.sender;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate85.errors = [{instancePath:instancePath+"/sender",schemaPath:"#/properties/sender/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/sender",schemaPath:"#/properties/sender/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate85.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate85.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate85.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate85.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate85.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate85.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate85.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate85.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate85.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate85.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate85.errors = vErrors;
return errors === 0;
}

const SessionEnded_v1 = validate86;
const schema87 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"SessionEnded.v1","title":"The data of SessionEnded, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"sessionId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"reason":{"type":"string","enum":["SIGNED_OUT","SIGNED_OUT_EVERYWHERE","REVOKED","TOKEN_REPLAYED","DISPLACED"],"description":"By the person: in it (`SIGNED_OUT`), from another session (`REVOKED`) or with all others (`SIGNED_OUT_EVERYWHERE`). Else: two had its refresh tokens (`TOKEN_REPLAYED`), or the person began more than are kept (`DISPLACED`). One that expires, or ends with an erasure, has no event of its own."},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","sessionId","reason","at"],"additionalProperties":false};

function validate86(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SessionEnded.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.address === undefined) && (missing0 = "address")) || ((data.sessionId === undefined) && (missing0 = "sessionId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.at === undefined) && (missing0 = "at"))){
validate86.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "address") || (key0 === "sessionId")) || (key0 === "reason")) || (key0 === "at"))){
validate86.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate86.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate86.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sessionId !== undefined){
let data1 = data.sessionId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate86.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate86.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data2 = data.reason;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate86.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data2 === "SIGNED_OUT") || (data2 === "SIGNED_OUT_EVERYWHERE")) || (data2 === "REVOKED")) || (data2 === "TOKEN_REPLAYED")) || (data2 === "DISPLACED"))){
validate86.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/enum",keyword:"enum",params:{allowedValues: schema87.properties.reason.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data3 = data.at;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
validate86.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate86.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate86.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate86.errors = vErrors;
return errors === 0;
}

const SessionRefreshed_v1 = validate87;

function validate87(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SessionRefreshed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.address === undefined) && (missing0 = "address")) || ((data.sessionId === undefined) && (missing0 = "sessionId"))) || ((data.tokenHash === undefined) && (missing0 = "tokenHash"))) || ((data.at === undefined) && (missing0 = "at"))){
validate87.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "address") || (key0 === "sessionId")) || (key0 === "tokenHash")) || (key0 === "at"))){
validate87.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate87.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate87.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sessionId !== undefined){
let data1 = data.sessionId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate87.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate87.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenHash !== undefined){
let data2 = data.tokenHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate87.errors = [{instancePath:instancePath+"/tokenHash",schemaPath:"#/properties/tokenHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate87.errors = [{instancePath:instancePath+"/tokenHash",schemaPath:"#/properties/tokenHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data3 = data.at;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
validate87.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate87.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate87.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate87.errors = vErrors;
return errors === 0;
}

const SessionStarted_v1 = validate88;

function validate88(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SessionStarted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.address === undefined) && (missing0 = "address")) || ((data.sessionId === undefined) && (missing0 = "sessionId"))) || ((data.tokenHash === undefined) && (missing0 = "tokenHash"))) || ((data.expiresAt === undefined) && (missing0 = "expiresAt"))) || ((data.at === undefined) && (missing0 = "at"))){
validate88.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "address") || (key0 === "sessionId")) || (key0 === "tokenHash")) || (key0 === "expiresAt")) || (key0 === "at"))){
validate88.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate88.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sessionId !== undefined){
let data1 = data.sessionId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
validate88.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/sessionId",schemaPath:"#/properties/sessionId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenHash !== undefined){
let data2 = data.tokenHash;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate88.errors = [{instancePath:instancePath+"/tokenHash",schemaPath:"#/properties/tokenHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/tokenHash",schemaPath:"#/properties/tokenHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.expiresAt !== undefined){
let data3 = data.expiresAt;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
validate88.errors = [{instancePath:instancePath+"/expiresAt",schemaPath:"#/properties/expiresAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/expiresAt",schemaPath:"#/properties/expiresAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate88.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate88.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate88.errors = vErrors;
return errors === 0;
}

const SigningDomainChanged_v1 = validate89;

function validate89(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SigningDomainChanged.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.contract === undefined) && (missing0 = "contract")){
validate89.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "contract") || (key0 === "log"))){
validate89.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.contract !== undefined){
let data0 = data.contract;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate89.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data1 = data.log;
const _errs5 = errors;
if(errors === _errs5){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((((data1.address === undefined) && (missing1 = "address")) || ((data1.topics === undefined) && (missing1 = "topics"))) || ((data1.data === undefined) && (missing1 = "data"))){
validate89.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs7 = errors;
for(const key1 in data1){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate89.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs7 === errors){
if(data1.address !== undefined){
let data2 = data1.address;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate89.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.topics !== undefined){
let data3 = data1.topics;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data3)){
var valid2 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern23.test(data4)){
validate89.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs12 === errors;
if(!valid2){
break;
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.data !== undefined){
let data5 = data1.data;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
validate89.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate89.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate89.errors = vErrors;
return errors === 0;
}

const StateChecksumsRecorded_v1 = validate90;

function validate90(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="StateChecksumsRecorded.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.projection === undefined) && (missing0 = "projection")) || ((data.definition === undefined) && (missing0 = "definition"))) || ((data.version === undefined) && (missing0 = "version"))) || ((data.build === undefined) && (missing0 = "build"))) || ((data.after === undefined) && (missing0 = "after"))) || ((data.checksum === undefined) && (missing0 = "checksum"))) || ((data.tables === undefined) && (missing0 = "tables"))){
validate90.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "projection") || (key0 === "definition")) || (key0 === "version")) || (key0 === "build")) || (key0 === "after")) || (key0 === "checksum")) || (key0 === "tables"))){
validate90.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.projection !== undefined){
const _errs3 = errors;
if(typeof data.projection !== "string"){
validate90.errors = [{instancePath:instancePath+"/projection",schemaPath:"#/properties/projection/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.definition !== undefined){
const _errs5 = errors;
if(typeof data.definition !== "string"){
validate90.errors = [{instancePath:instancePath+"/definition",schemaPath:"#/properties/definition/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
let data2 = data.version;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate90.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate90.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.build !== undefined){
let data3 = data.build;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate90.errors = [{instancePath:instancePath+"/build",schemaPath:"#/properties/build/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate90.errors = [{instancePath:instancePath+"/build",schemaPath:"#/properties/build/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.after !== undefined){
let data4 = data.after;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((((data4.id === undefined) && (missing1 = "id")) || ((data4.stream === undefined) && (missing1 = "stream"))) || ((data4.revision === undefined) && (missing1 = "revision"))) || ((data4.position === undefined) && (missing1 = "position"))){
validate90.errors = [{instancePath:instancePath+"/after",schemaPath:"#/properties/after/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!((((key1 === "id") || (key1 === "stream")) || (key1 === "revision")) || (key1 === "position"))){
validate90.errors = [{instancePath:instancePath+"/after",schemaPath:"#/properties/after/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.id !== undefined){
let data5 = data4.id;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
validate90.errors = [{instancePath:instancePath+"/after/id",schemaPath:"#/properties/after/properties/id/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate90.errors = [{instancePath:instancePath+"/after/id",schemaPath:"#/properties/after/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.stream !== undefined){
const _errs16 = errors;
if(typeof data4.stream !== "string"){
validate90.errors = [{instancePath:instancePath+"/after/stream",schemaPath:"#/properties/after/properties/stream/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.revision !== undefined){
const _errs18 = errors;
if(typeof data4.revision !== "string"){
validate90.errors = [{instancePath:instancePath+"/after/revision",schemaPath:"#/properties/after/properties/revision/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.position !== undefined){
const _errs20 = errors;
if(typeof data4.position !== "string"){
validate90.errors = [{instancePath:instancePath+"/after/position",schemaPath:"#/properties/after/properties/position/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/after",schemaPath:"#/properties/after/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.checksum !== undefined){
const _errs22 = errors;
if(typeof data.checksum !== "string"){
validate90.errors = [{instancePath:instancePath+"/checksum",schemaPath:"#/properties/checksum/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tables !== undefined){
let data10 = data.tables;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data10)){
var valid2 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
let data11 = data10[i0];
const _errs26 = errors;
if(errors === _errs26){
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
let missing2;
if((((data11.table === undefined) && (missing2 = "table")) || ((data11.rows === undefined) && (missing2 = "rows"))) || ((data11.checksum === undefined) && (missing2 = "checksum"))){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0,schemaPath:"#/properties/tables/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs28 = errors;
for(const key2 in data11){
if(!(((key2 === "table") || (key2 === "rows")) || (key2 === "checksum"))){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0,schemaPath:"#/properties/tables/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs28 === errors){
if(data11.table !== undefined){
const _errs29 = errors;
if(typeof data11.table !== "string"){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0+"/table",schemaPath:"#/properties/tables/items/properties/table/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs29 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data11.rows !== undefined){
let data13 = data11.rows;
const _errs31 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0+"/rows",schemaPath:"#/properties/tables/items/properties/rows/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs31){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 0 || isNaN(data13)){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0+"/rows",schemaPath:"#/properties/tables/items/properties/rows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid3 = _errs31 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data11.checksum !== undefined){
const _errs33 = errors;
if(typeof data11.checksum !== "string"){
validate90.errors = [{instancePath:instancePath+"/tables/" + i0+"/checksum",schemaPath:"#/properties/tables/items/properties/checksum/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs33 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/tables/" + i0,schemaPath:"#/properties/tables/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs26 === errors;
if(!valid2){
break;
}
}
}
else {
validate90.errors = [{instancePath:instancePath+"/tables",schemaPath:"#/properties/tables/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate90.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate90.errors = vErrors;
return errors === 0;
}

const Swap_v1 = validate91;

function validate91(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Swap.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.amountIn === undefined) && (missing0 = "amountIn")) || ((data.amountOut === undefined) && (missing0 = "amountOut"))) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.poolId === undefined) && (missing0 = "poolId"))) || ((data.tokenIn === undefined) && (missing0 = "tokenIn"))) || ((data.tokenOut === undefined) && (missing0 = "tokenOut"))) || ((data.user === undefined) && (missing0 = "user"))){
validate91.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "user") || (key0 === "poolId")) || (key0 === "tokenIn")) || (key0 === "tokenOut")) || (key0 === "amountIn")) || (key0 === "amountOut")) || (key0 === "contract")) || (key0 === "log"))){
validate91.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.user !== undefined){
let data0 = data.user;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate91.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.poolId !== undefined){
let data1 = data.poolId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate91.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenIn !== undefined){
let data2 = data.tokenIn;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate91.errors = [{instancePath:instancePath+"/tokenIn",schemaPath:"#/properties/tokenIn/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/tokenIn",schemaPath:"#/properties/tokenIn/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tokenOut !== undefined){
let data3 = data.tokenOut;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate91.errors = [{instancePath:instancePath+"/tokenOut",schemaPath:"#/properties/tokenOut/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/tokenOut",schemaPath:"#/properties/tokenOut/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountIn !== undefined){
let data4 = data.amountIn;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate91.errors = [{instancePath:instancePath+"/amountIn",schemaPath:"#/properties/amountIn/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/amountIn",schemaPath:"#/properties/amountIn/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amountOut !== undefined){
let data5 = data.amountOut;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate91.errors = [{instancePath:instancePath+"/amountOut",schemaPath:"#/properties/amountOut/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/amountOut",schemaPath:"#/properties/amountOut/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data6 = data.contract;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern0.test(data6)){
validate91.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data7 = data.log;
const _errs17 = errors;
if(errors === _errs17){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing1;
if((((data7.address === undefined) && (missing1 = "address")) || ((data7.topics === undefined) && (missing1 = "topics"))) || ((data7.data === undefined) && (missing1 = "data"))){
validate91.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs19 = errors;
for(const key1 in data7){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate91.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs19 === errors){
if(data7.address !== undefined){
let data8 = data7.address;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
validate91.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data7.topics !== undefined){
let data9 = data7.topics;
const _errs22 = errors;
if(errors === _errs22){
if(Array.isArray(data9)){
var valid2 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
let data10 = data9[i0];
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern23.test(data10)){
validate91.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs24 === errors;
if(!valid2){
break;
}
}
}
else {
validate91.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs22 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data7.data !== undefined){
let data11 = data7.data;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern1.test(data11)){
validate91.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate91.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs26 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate91.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate91.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate91.errors = vErrors;
return errors === 0;
}

const SwapFeeUpdated_v1 = validate92;

function validate92(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SwapFeeUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newFee === undefined) && (missing0 = "newFee"))) || ((data.oldFee === undefined) && (missing0 = "oldFee"))){
validate92.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldFee") || (key0 === "newFee")) || (key0 === "contract")) || (key0 === "log"))){
validate92.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldFee !== undefined){
let data0 = data.oldFee;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate92.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/oldFee",schemaPath:"#/properties/oldFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newFee !== undefined){
let data1 = data.newFee;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate92.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/newFee",schemaPath:"#/properties/newFee/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate92.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate92.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate92.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate92.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate92.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate92.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate92.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate92.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate92.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate92.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate92.errors = vErrors;
return errors === 0;
}

const SwapRequested_v1 = validate93;
const schema94 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"SwapRequested.v1","title":"The data of SwapRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"poolId":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"tokenIn":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"tokenOut":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"amountIn":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountOutMin":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"amountOutQuoted":{"type":"string","description":"What the pool would have paid when the request was accepted.","pattern":"^(0|[1-9][0-9]{0,77})$"}},"required":["poolId","tokenIn","tokenOut","amountIn","amountOutMin","amountOutQuoted"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate93(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="SwapRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate93.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate93.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if(((((((data0.poolId === undefined) && (missing1 = "poolId")) || ((data0.tokenIn === undefined) && (missing1 = "tokenIn"))) || ((data0.tokenOut === undefined) && (missing1 = "tokenOut"))) || ((data0.amountIn === undefined) && (missing1 = "amountIn"))) || ((data0.amountOutMin === undefined) && (missing1 = "amountOutMin"))) || ((data0.amountOutQuoted === undefined) && (missing1 = "amountOutQuoted"))){
validate93.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!((((((key1 === "poolId") || (key1 === "tokenIn")) || (key1 === "tokenOut")) || (key1 === "amountIn")) || (key1 === "amountOutMin")) || (key1 === "amountOutQuoted"))){
validate93.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.poolId !== undefined){
let data1 = data0.poolId;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate93.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/poolId",schemaPath:"#/properties/terms/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.tokenIn !== undefined){
let data2 = data0.tokenIn;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate93.errors = [{instancePath:instancePath+"/terms/tokenIn",schemaPath:"#/properties/terms/properties/tokenIn/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/tokenIn",schemaPath:"#/properties/terms/properties/tokenIn/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.tokenOut !== undefined){
let data3 = data0.tokenOut;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate93.errors = [{instancePath:instancePath+"/terms/tokenOut",schemaPath:"#/properties/terms/properties/tokenOut/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/tokenOut",schemaPath:"#/properties/terms/properties/tokenOut/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountIn !== undefined){
let data4 = data0.amountIn;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate93.errors = [{instancePath:instancePath+"/terms/amountIn",schemaPath:"#/properties/terms/properties/amountIn/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/amountIn",schemaPath:"#/properties/terms/properties/amountIn/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountOutMin !== undefined){
let data5 = data0.amountOutMin;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate93.errors = [{instancePath:instancePath+"/terms/amountOutMin",schemaPath:"#/properties/terms/properties/amountOutMin/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/amountOutMin",schemaPath:"#/properties/terms/properties/amountOutMin/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.amountOutQuoted !== undefined){
let data6 = data0.amountOutQuoted;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern20.test(data6)){
validate93.errors = [{instancePath:instancePath+"/terms/amountOutQuoted",schemaPath:"#/properties/terms/properties/amountOutQuoted/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms/amountOutQuoted",schemaPath:"#/properties/terms/properties/amountOutQuoted/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data7 = data.commandId;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern5.test(data7)){
validate93.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data8 = data.chainId;
const _errs20 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate93.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 1 || isNaN(data8)){
validate93.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data9 = data.requester;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern0.test(data9)){
validate93.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data10 = data.execution;
const _errs24 = errors;
if(typeof data10 !== "string"){
validate93.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data10 === "WALLET") || (data10 === "RELAYED"))){
validate93.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema94.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data11 = data.inputHash;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern1.test(data11)){
validate93.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data12 = data.requestedAt;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern3.test(data12)){
validate93.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data13 = data.deadline;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data13 === "string"){
if(!pattern3.test(data13)){
validate93.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate93.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate93.errors = vErrors;
return errors === 0;
}

const Sync_v1 = validate94;

function validate94(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Sync.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.poolId === undefined) && (missing0 = "poolId"))) || ((data.reserveA === undefined) && (missing0 = "reserveA"))) || ((data.reserveB === undefined) && (missing0 = "reserveB"))){
validate94.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "poolId") || (key0 === "reserveA")) || (key0 === "reserveB")) || (key0 === "contract")) || (key0 === "log"))){
validate94.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.poolId !== undefined){
let data0 = data.poolId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate94.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/poolId",schemaPath:"#/properties/poolId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reserveA !== undefined){
let data1 = data.reserveA;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate94.errors = [{instancePath:instancePath+"/reserveA",schemaPath:"#/properties/reserveA/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/reserveA",schemaPath:"#/properties/reserveA/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reserveB !== undefined){
let data2 = data.reserveB;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate94.errors = [{instancePath:instancePath+"/reserveB",schemaPath:"#/properties/reserveB/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/reserveB",schemaPath:"#/properties/reserveB/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate94.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate94.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate94.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate94.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate94.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate94.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate94.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate94.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate94.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate94.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate94.errors = vErrors;
return errors === 0;
}

const TimelockCallExecuted_v1 = validate95;

function validate95(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TimelockCallExecuted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.calldata === undefined) && (missing0 = "calldata")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.index === undefined) && (missing0 = "index"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.target === undefined) && (missing0 = "target"))) || ((data.value === undefined) && (missing0 = "value"))){
validate95.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "index") || (key0 === "target")) || (key0 === "value")) || (key0 === "calldata")) || (key0 === "operationId")) || (key0 === "contract")) || (key0 === "log"))){
validate95.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.index !== undefined){
let data0 = data.index;
const _errs3 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate95.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs3){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate95.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.target !== undefined){
let data1 = data.target;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate95.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.value !== undefined){
let data2 = data.value;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate95.errors = [{instancePath:instancePath+"/value",schemaPath:"#/properties/value/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/value",schemaPath:"#/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.calldata !== undefined){
let data3 = data.calldata;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
validate95.errors = [{instancePath:instancePath+"/calldata",schemaPath:"#/properties/calldata/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/calldata",schemaPath:"#/properties/calldata/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data4 = data.operationId;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern23.test(data4)){
validate95.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data5 = data.contract;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate95.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data6 = data.log;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((((data6.address === undefined) && (missing1 = "address")) || ((data6.topics === undefined) && (missing1 = "topics"))) || ((data6.data === undefined) && (missing1 = "data"))){
validate95.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data6){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate95.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data6.address !== undefined){
let data7 = data6.address;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate95.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.topics !== undefined){
let data8 = data6.topics;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
validate95.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
if(!valid2){
break;
}
}
}
else {
validate95.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.data !== undefined){
let data10 = data6.data;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate95.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate95.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate95.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate95.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate95.errors = vErrors;
return errors === 0;
}

const TimelockCallScheduled_v1 = validate96;
const schema97 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TimelockCallScheduled.v1","title":"The data of TimelockCallScheduled, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"predecessor":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"delay":{"type":"string","description":"Seconds until it may be executed.","pattern":"^(0|[1-9][0-9]{0,77})$"},"index":{"type":"integer","description":"How many there are, or the how-manieth it is.","minimum":0},"target":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"value":{"type":"string","description":"Wei.","pattern":"^(0|[1-9][0-9]{0,77})$"},"calldata":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"},"operationId":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["calldata","contract","delay","index","operationId","predecessor","target","value"]};

function validate96(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TimelockCallScheduled.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.calldata === undefined) && (missing0 = "calldata")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.delay === undefined) && (missing0 = "delay"))) || ((data.index === undefined) && (missing0 = "index"))) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.predecessor === undefined) && (missing0 = "predecessor"))) || ((data.target === undefined) && (missing0 = "target"))) || ((data.value === undefined) && (missing0 = "value"))){
validate96.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema97.properties, key0))){
validate96.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.predecessor !== undefined){
let data0 = data.predecessor;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate96.errors = [{instancePath:instancePath+"/predecessor",schemaPath:"#/properties/predecessor/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/predecessor",schemaPath:"#/properties/predecessor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.delay !== undefined){
let data1 = data.delay;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate96.errors = [{instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.index !== undefined){
let data2 = data.index;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate96.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate96.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.target !== undefined){
let data3 = data.target;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate96.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.value !== undefined){
let data4 = data.value;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate96.errors = [{instancePath:instancePath+"/value",schemaPath:"#/properties/value/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/value",schemaPath:"#/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.calldata !== undefined){
let data5 = data.calldata;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
validate96.errors = [{instancePath:instancePath+"/calldata",schemaPath:"#/properties/calldata/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/calldata",schemaPath:"#/properties/calldata/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data6 = data.operationId;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate96.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data7 = data.contract;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate96.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data8 = data.log;
const _errs19 = errors;
if(errors === _errs19){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing1;
if((((data8.address === undefined) && (missing1 = "address")) || ((data8.topics === undefined) && (missing1 = "topics"))) || ((data8.data === undefined) && (missing1 = "data"))){
validate96.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs21 = errors;
for(const key1 in data8){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate96.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs21 === errors){
if(data8.address !== undefined){
let data9 = data8.address;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern0.test(data9)){
validate96.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs22 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data8.topics !== undefined){
let data10 = data8.topics;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data10)){
var valid2 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
let data11 = data10[i0];
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern23.test(data11)){
validate96.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs26 === errors;
if(!valid2){
break;
}
}
}
else {
validate96.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data8.data !== undefined){
let data12 = data8.data;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern1.test(data12)){
validate96.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate96.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs28 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate96.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate96.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate96.errors = vErrors;
return errors === 0;
}

const TimelockDelayChanged_v1 = validate97;

function validate97(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TimelockDelayChanged.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate97.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "oldValue") || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate97.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.oldValue !== undefined){
let data0 = data.oldValue;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern20.test(data0)){
validate97.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data1 = data.newValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate97.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate97.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate97.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate97.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate97.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate97.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate97.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate97.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate97.errors = vErrors;
return errors === 0;
}

const TimelockOperationCancelled_v1 = validate98;

function validate98(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TimelockOperationCancelled.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.contract === undefined) && (missing0 = "contract")) || ((data.operationId === undefined) && (missing0 = "operationId"))){
validate98.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "operationId") || (key0 === "contract")) || (key0 === "log"))){
validate98.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.operationId !== undefined){
let data0 = data.operationId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate98.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate98.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate98.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate98.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate98.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate98.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate98.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate98.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate98.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate98.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate98.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate98.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate98.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate98.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate98.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate98.errors = vErrors;
return errors === 0;
}

const TimelockSaltTold_v1 = validate99;

function validate99(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TimelockSaltTold.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.operationId === undefined) && (missing0 = "operationId"))) || ((data.salt === undefined) && (missing0 = "salt"))){
validate99.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "salt") || (key0 === "operationId")) || (key0 === "contract")) || (key0 === "log"))){
validate99.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.salt !== undefined){
let data0 = data.salt;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate99.errors = [{instancePath:instancePath+"/salt",schemaPath:"#/properties/salt/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/salt",schemaPath:"#/properties/salt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operationId !== undefined){
let data1 = data.operationId;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern23.test(data1)){
validate99.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate99.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate99.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate99.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate99.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate99.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate99.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate99.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate99.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate99.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate99.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate99.errors = vErrors;
return errors === 0;
}

const TokenCreated_v1 = validate100;

function validate100(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenCreated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.contract === undefined) && (missing0 = "contract")) || ((data.creator === undefined) && (missing0 = "creator"))) || ((data.name === undefined) && (missing0 = "name"))) || ((data.symbol === undefined) && (missing0 = "symbol"))) || ((data.tokenAddress === undefined) && (missing0 = "tokenAddress"))) || ((data.totalSupply === undefined) && (missing0 = "totalSupply"))){
validate100.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "tokenAddress") || (key0 === "creator")) || (key0 === "name")) || (key0 === "symbol")) || (key0 === "totalSupply")) || (key0 === "contract")) || (key0 === "log"))){
validate100.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.tokenAddress !== undefined){
let data0 = data.tokenAddress;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate100.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.creator !== undefined){
let data1 = data.creator;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate100.errors = [{instancePath:instancePath+"/creator",schemaPath:"#/properties/creator/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/creator",schemaPath:"#/properties/creator/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
const _errs7 = errors;
if(typeof data.name !== "string"){
validate100.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.symbol !== undefined){
const _errs9 = errors;
if(typeof data.symbol !== "string"){
validate100.errors = [{instancePath:instancePath+"/symbol",schemaPath:"#/properties/symbol/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.totalSupply !== undefined){
let data4 = data.totalSupply;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate100.errors = [{instancePath:instancePath+"/totalSupply",schemaPath:"#/properties/totalSupply/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/totalSupply",schemaPath:"#/properties/totalSupply/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data5 = data.contract;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate100.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data6 = data.log;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((((data6.address === undefined) && (missing1 = "address")) || ((data6.topics === undefined) && (missing1 = "topics"))) || ((data6.data === undefined) && (missing1 = "data"))){
validate100.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data6){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate100.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data6.address !== undefined){
let data7 = data6.address;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate100.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.topics !== undefined){
let data8 = data6.topics;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
validate100.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
if(!valid2){
break;
}
}
}
else {
validate100.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.data !== undefined){
let data10 = data6.data;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate100.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate100.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate100.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate100.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate100.errors = vErrors;
return errors === 0;
}

const TokenCreationRequested_v1 = validate101;
const schema102 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TokenCreationRequested.v1","title":"The data of TokenCreationRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"name":{"type":"string"},"symbol":{"type":"string"},"decimals":{"type":"integer","description":"Digits after the point of a token's amounts; the chain allows a byte, our own tokens have 0 to 18.","minimum":0,"maximum":255},"supply":{"type":"string","description":"Whole tokens, 1 to 10^27.","pattern":"^(0|[1-9][0-9]{0,77})$"},"totalSupply":{"type":"string","description":"Base units: supply times 10^decimals.","pattern":"^(0|[1-9][0-9]{0,77})$"},"description":{"type":"string"},"metadataURI":{"type":"string"}},"required":["name","symbol","decimals","supply","totalSupply","description","metadataURI"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate101(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenCreationRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate101.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate101.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if((((((((data0.name === undefined) && (missing1 = "name")) || ((data0.symbol === undefined) && (missing1 = "symbol"))) || ((data0.decimals === undefined) && (missing1 = "decimals"))) || ((data0.supply === undefined) && (missing1 = "supply"))) || ((data0.totalSupply === undefined) && (missing1 = "totalSupply"))) || ((data0.description === undefined) && (missing1 = "description"))) || ((data0.metadataURI === undefined) && (missing1 = "metadataURI"))){
validate101.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!(((((((key1 === "name") || (key1 === "symbol")) || (key1 === "decimals")) || (key1 === "supply")) || (key1 === "totalSupply")) || (key1 === "description")) || (key1 === "metadataURI"))){
validate101.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.name !== undefined){
const _errs6 = errors;
if(typeof data0.name !== "string"){
validate101.errors = [{instancePath:instancePath+"/terms/name",schemaPath:"#/properties/terms/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.symbol !== undefined){
const _errs8 = errors;
if(typeof data0.symbol !== "string"){
validate101.errors = [{instancePath:instancePath+"/terms/symbol",schemaPath:"#/properties/terms/properties/symbol/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.decimals !== undefined){
let data3 = data0.decimals;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate101.errors = [{instancePath:instancePath+"/terms/decimals",schemaPath:"#/properties/terms/properties/decimals/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 255 || isNaN(data3)){
validate101.errors = [{instancePath:instancePath+"/terms/decimals",schemaPath:"#/properties/terms/properties/decimals/maximum",keyword:"maximum",params:{comparison: "<=", limit: 255},message:"must be <= 255"}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate101.errors = [{instancePath:instancePath+"/terms/decimals",schemaPath:"#/properties/terms/properties/decimals/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.supply !== undefined){
let data4 = data0.supply;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
validate101.errors = [{instancePath:instancePath+"/terms/supply",schemaPath:"#/properties/terms/properties/supply/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/terms/supply",schemaPath:"#/properties/terms/properties/supply/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.totalSupply !== undefined){
let data5 = data0.totalSupply;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate101.errors = [{instancePath:instancePath+"/terms/totalSupply",schemaPath:"#/properties/terms/properties/totalSupply/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/terms/totalSupply",schemaPath:"#/properties/terms/properties/totalSupply/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.description !== undefined){
const _errs16 = errors;
if(typeof data0.description !== "string"){
validate101.errors = [{instancePath:instancePath+"/terms/description",schemaPath:"#/properties/terms/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.metadataURI !== undefined){
const _errs18 = errors;
if(typeof data0.metadataURI !== "string"){
validate101.errors = [{instancePath:instancePath+"/terms/metadataURI",schemaPath:"#/properties/terms/properties/metadataURI/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate101.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data8 = data.commandId;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern5.test(data8)){
validate101.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data9 = data.chainId;
const _errs22 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate101.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs22){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 1 || isNaN(data9)){
validate101.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data10 = data.requester;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern0.test(data10)){
validate101.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data11 = data.execution;
const _errs26 = errors;
if(typeof data11 !== "string"){
validate101.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data11 === "WALLET") || (data11 === "RELAYED"))){
validate101.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema102.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data12 = data.inputHash;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data12 === "string"){
if(!pattern1.test(data12)){
validate101.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data13 = data.requestedAt;
const _errs30 = errors;
if(errors === _errs30){
if(typeof data13 === "string"){
if(!pattern3.test(data13)){
validate101.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data14 = data.deadline;
const _errs32 = errors;
if(errors === _errs32){
if(typeof data14 === "string"){
if(!pattern3.test(data14)){
validate101.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate101.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate101.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate101.errors = vErrors;
return errors === 0;
}

const TokenDeactivated_v1 = validate102;

function validate102(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenDeactivated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.contract === undefined) && (missing0 = "contract")) || ((data.tokenAddress === undefined) && (missing0 = "tokenAddress"))){
validate102.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "tokenAddress") || (key0 === "contract")) || (key0 === "log"))){
validate102.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.tokenAddress !== undefined){
let data0 = data.tokenAddress;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate102.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate102.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate102.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate102.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate102.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate102.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate102.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate102.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate102.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate102.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate102.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate102.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate102.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate102.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate102.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate102.errors = vErrors;
return errors === 0;
}

const TokenDeactivationRequested_v1 = validate103;
const schema104 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TokenDeactivationRequested.v1","title":"The data of TokenDeactivationRequested, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"terms":{"type":"object","properties":{"tokenAddress":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"}},"required":["tokenAddress"],"additionalProperties":false},"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$","description":"Names the stream, and the calldata of the transaction carries it."},"chainId":{"type":"integer","description":"An EVM chain's id (EIP-155).","minimum":1},"requester":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"execution":{"type":"string","enum":["WALLET","RELAYED"],"description":"Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771)."},"inputHash":{"type":"string","description":"SHA-256 of the canonical input, so that a key used again with another input is noticed.","pattern":"^0x([0-9a-f]{2})*$"},"requestedAt":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},"deadline":{"type":"string","description":"It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["chainId","commandId","deadline","execution","inputHash","requestedAt","requester","terms"],"description":"A request of one kind, with the terms that the chain is held to."};

function validate103(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenDeactivationRequested.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.chainId === undefined) && (missing0 = "chainId")) || ((data.commandId === undefined) && (missing0 = "commandId"))) || ((data.deadline === undefined) && (missing0 = "deadline"))) || ((data.execution === undefined) && (missing0 = "execution"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.requestedAt === undefined) && (missing0 = "requestedAt"))) || ((data.requester === undefined) && (missing0 = "requester"))) || ((data.terms === undefined) && (missing0 = "terms"))){
validate103.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "terms") || (key0 === "commandId")) || (key0 === "chainId")) || (key0 === "requester")) || (key0 === "execution")) || (key0 === "inputHash")) || (key0 === "requestedAt")) || (key0 === "deadline"))){
validate103.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.terms !== undefined){
let data0 = data.terms;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if((data0.tokenAddress === undefined) && (missing1 = "tokenAddress")){
validate103.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!(key1 === "tokenAddress")){
validate103.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.tokenAddress !== undefined){
let data1 = data0.tokenAddress;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate103.errors = [{instancePath:instancePath+"/terms/tokenAddress",schemaPath:"#/properties/terms/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/terms/tokenAddress",schemaPath:"#/properties/terms/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/terms",schemaPath:"#/properties/terms/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.commandId !== undefined){
let data2 = data.commandId;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
validate103.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.chainId !== undefined){
let data3 = data.chainId;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate103.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate103.errors = [{instancePath:instancePath+"/chainId",schemaPath:"#/properties/chainId/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requester !== undefined){
let data4 = data.requester;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate103.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/requester",schemaPath:"#/properties/requester/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.execution !== undefined){
let data5 = data.execution;
const _errs14 = errors;
if(typeof data5 !== "string"){
validate103.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data5 === "WALLET") || (data5 === "RELAYED"))){
validate103.errors = [{instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema104.properties.execution.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data6 = data.inputHash;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate103.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedAt !== undefined){
let data7 = data.requestedAt;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern3.test(data7)){
validate103.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/requestedAt",schemaPath:"#/properties/requestedAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.deadline !== undefined){
let data8 = data.deadline;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern3.test(data8)){
validate103.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/deadline",schemaPath:"#/properties/deadline/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate103.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate103.errors = vErrors;
return errors === 0;
}

const TokenDescribed_v1 = validate104;
const schema105 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TokenDescribed.v1","title":"The data of TokenDescribed, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"token":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"name":{"type":["string","null"]},"symbol":{"type":["string","null"]},"decimals":{"anyOf":[{"type":"integer","description":"Digits after the point of a token's amounts; the chain allows a byte, our own tokens have 0 to 18.","minimum":0,"maximum":255},{"type":"null"}]},"missing":{"type":"object","properties":{"name":{"anyOf":[{"type":"string","enum":["FAILED","EMPTY","MALFORMED","UNANSWERED"],"description":"Why a token does not tell something of itself. FAILED: its code reverts, or takes more gas than it may. EMPTY: nothing comes back, of its code, or of none as two providers say. MALFORMED: what comes back is no such value. UNANSWERED: no provider of the chain answered; it is asked again."},{"type":"null"}]},"symbol":{"anyOf":[{"type":"string","enum":["FAILED","EMPTY","MALFORMED","UNANSWERED"],"description":"Why a token does not tell something of itself. FAILED: its code reverts, or takes more gas than it may. EMPTY: nothing comes back, of its code, or of none as two providers say. MALFORMED: what comes back is no such value. UNANSWERED: no provider of the chain answered; it is asked again."},{"type":"null"}]},"decimals":{"anyOf":[{"type":"string","enum":["FAILED","EMPTY","MALFORMED","UNANSWERED"],"description":"Why a token does not tell something of itself. FAILED: its code reverts, or takes more gas than it may. EMPTY: nothing comes back, of its code, or of none as two providers say. MALFORMED: what comes back is no such value. UNANSWERED: no provider of the chain answered; it is asked again."},{"type":"null"}]}},"required":["name","symbol","decimals"],"additionalProperties":false,"description":"Why what is null is; null of what is told."},"state":{"type":"string","enum":["BLOCK","NEWEST"],"description":"The state that was asked: that of this block, or the newest one where providers have forgotten the block's."}},"required":["token","name","symbol","decimals","missing","state"],"additionalProperties":false};

function validate104(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenDescribed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.token === undefined) && (missing0 = "token")) || ((data.name === undefined) && (missing0 = "name"))) || ((data.symbol === undefined) && (missing0 = "symbol"))) || ((data.decimals === undefined) && (missing0 = "decimals"))) || ((data.missing === undefined) && (missing0 = "missing"))) || ((data.state === undefined) && (missing0 = "state"))){
validate104.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "token") || (key0 === "name")) || (key0 === "symbol")) || (key0 === "decimals")) || (key0 === "missing")) || (key0 === "state"))){
validate104.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.token !== undefined){
let data0 = data.token;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate104.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate104.errors = [{instancePath:instancePath+"/token",schemaPath:"#/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
let data1 = data.name;
const _errs5 = errors;
if((typeof data1 !== "string") && (data1 !== null)){
validate104.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: schema105.properties.name.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.symbol !== undefined){
let data2 = data.symbol;
const _errs7 = errors;
if((typeof data2 !== "string") && (data2 !== null)){
validate104.errors = [{instancePath:instancePath+"/symbol",schemaPath:"#/properties/symbol/type",keyword:"type",params:{type: schema105.properties.symbol.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.decimals !== undefined){
let data3 = data.decimals;
const _errs9 = errors;
const _errs10 = errors;
let valid1 = false;
const _errs11 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err0 = {instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs11){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 255 || isNaN(data3)){
const err1 = {instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/anyOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 255},message:"must be <= 255"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
if(data3 < 0 || isNaN(data3)){
const err2 = {instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs13 = errors;
if(data3 !== null){
const err3 = {instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid0 = _errs13 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err4 = {instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
validate104.errors = vErrors;
return false;
}
else {
errors = _errs10;
if(vErrors !== null){
if(_errs10){
vErrors.length = _errs10;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.missing !== undefined){
let data4 = data.missing;
const _errs15 = errors;
if(errors === _errs15){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.name === undefined) && (missing1 = "name")) || ((data4.symbol === undefined) && (missing1 = "symbol"))) || ((data4.decimals === undefined) && (missing1 = "decimals"))){
validate104.errors = [{instancePath:instancePath+"/missing",schemaPath:"#/properties/missing/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data4){
if(!(((key1 === "name") || (key1 === "symbol")) || (key1 === "decimals"))){
validate104.errors = [{instancePath:instancePath+"/missing",schemaPath:"#/properties/missing/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data4.name !== undefined){
let data5 = data4.name;
const _errs18 = errors;
const _errs19 = errors;
let valid3 = false;
const _errs20 = errors;
if(typeof data5 !== "string"){
const err5 = {instancePath:instancePath+"/missing/name",schemaPath:"#/properties/missing/properties/name/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((((data5 === "FAILED") || (data5 === "EMPTY")) || (data5 === "MALFORMED")) || (data5 === "UNANSWERED"))){
const err6 = {instancePath:instancePath+"/missing/name",schemaPath:"#/properties/missing/properties/name/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema105.properties.missing.properties.name.anyOf[0].enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs20 === errors;
valid3 = valid3 || _valid1;
if(!valid3){
const _errs22 = errors;
if(data5 !== null){
const err7 = {instancePath:instancePath+"/missing/name",schemaPath:"#/properties/missing/properties/name/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid1 = _errs22 === errors;
valid3 = valid3 || _valid1;
}
if(!valid3){
const err8 = {instancePath:instancePath+"/missing/name",schemaPath:"#/properties/missing/properties/name/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
validate104.errors = vErrors;
return false;
}
else {
errors = _errs19;
if(vErrors !== null){
if(_errs19){
vErrors.length = _errs19;
}
else {
vErrors = null;
}
}
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data4.symbol !== undefined){
let data6 = data4.symbol;
const _errs24 = errors;
const _errs25 = errors;
let valid4 = false;
const _errs26 = errors;
if(typeof data6 !== "string"){
const err9 = {instancePath:instancePath+"/missing/symbol",schemaPath:"#/properties/missing/properties/symbol/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!((((data6 === "FAILED") || (data6 === "EMPTY")) || (data6 === "MALFORMED")) || (data6 === "UNANSWERED"))){
const err10 = {instancePath:instancePath+"/missing/symbol",schemaPath:"#/properties/missing/properties/symbol/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema105.properties.missing.properties.symbol.anyOf[0].enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid2 = _errs26 === errors;
valid4 = valid4 || _valid2;
if(!valid4){
const _errs28 = errors;
if(data6 !== null){
const err11 = {instancePath:instancePath+"/missing/symbol",schemaPath:"#/properties/missing/properties/symbol/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var _valid2 = _errs28 === errors;
valid4 = valid4 || _valid2;
}
if(!valid4){
const err12 = {instancePath:instancePath+"/missing/symbol",schemaPath:"#/properties/missing/properties/symbol/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
validate104.errors = vErrors;
return false;
}
else {
errors = _errs25;
if(vErrors !== null){
if(_errs25){
vErrors.length = _errs25;
}
else {
vErrors = null;
}
}
}
var valid2 = _errs24 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data4.decimals !== undefined){
let data7 = data4.decimals;
const _errs30 = errors;
const _errs31 = errors;
let valid5 = false;
const _errs32 = errors;
if(typeof data7 !== "string"){
const err13 = {instancePath:instancePath+"/missing/decimals",schemaPath:"#/properties/missing/properties/decimals/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!((((data7 === "FAILED") || (data7 === "EMPTY")) || (data7 === "MALFORMED")) || (data7 === "UNANSWERED"))){
const err14 = {instancePath:instancePath+"/missing/decimals",schemaPath:"#/properties/missing/properties/decimals/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema105.properties.missing.properties.decimals.anyOf[0].enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var _valid3 = _errs32 === errors;
valid5 = valid5 || _valid3;
if(!valid5){
const _errs34 = errors;
if(data7 !== null){
const err15 = {instancePath:instancePath+"/missing/decimals",schemaPath:"#/properties/missing/properties/decimals/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid3 = _errs34 === errors;
valid5 = valid5 || _valid3;
}
if(!valid5){
const err16 = {instancePath:instancePath+"/missing/decimals",schemaPath:"#/properties/missing/properties/decimals/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
validate104.errors = vErrors;
return false;
}
else {
errors = _errs31;
if(vErrors !== null){
if(_errs31){
vErrors.length = _errs31;
}
else {
vErrors = null;
}
}
}
var valid2 = _errs30 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate104.errors = [{instancePath:instancePath+"/missing",schemaPath:"#/properties/missing/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data8 = data.state;
const _errs36 = errors;
if(typeof data8 !== "string"){
validate104.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data8 === "BLOCK") || (data8 === "NEWEST"))){
validate104.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/enum",keyword:"enum",params:{allowedValues: schema105.properties.state.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate104.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate104.errors = vErrors;
return errors === 0;
}

const TokenMetadataUpdated_v1 = validate105;

function validate105(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TokenMetadataUpdated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.decimals === undefined) && (missing0 = "decimals"))) || ((data.metadataURI === undefined) && (missing0 = "metadataURI"))) || ((data.tokenAddress === undefined) && (missing0 = "tokenAddress"))){
validate105.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "tokenAddress") || (key0 === "decimals")) || (key0 === "metadataURI")) || (key0 === "contract")) || (key0 === "log"))){
validate105.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.tokenAddress !== undefined){
let data0 = data.tokenAddress;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate105.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate105.errors = [{instancePath:instancePath+"/tokenAddress",schemaPath:"#/properties/tokenAddress/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.decimals !== undefined){
let data1 = data.decimals;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate105.errors = [{instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 255 || isNaN(data1)){
validate105.errors = [{instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/maximum",keyword:"maximum",params:{comparison: "<=", limit: 255},message:"must be <= 255"}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate105.errors = [{instancePath:instancePath+"/decimals",schemaPath:"#/properties/decimals/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metadataURI !== undefined){
const _errs7 = errors;
if(typeof data.metadataURI !== "string"){
validate105.errors = [{instancePath:instancePath+"/metadataURI",schemaPath:"#/properties/metadataURI/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate105.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate105.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate105.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate105.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate105.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate105.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate105.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate105.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate105.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate105.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate105.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate105.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate105.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate105.errors = vErrors;
return errors === 0;
}

const TransactionFailed_v1 = validate106;
const schema107 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TransactionFailed.v1","title":"The data of TransactionFailed, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"txHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"from":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"to":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"reason":{"type":["string","null"],"description":"The decoded custom error or revert string where the provider tells it; else null."}},"required":["txHash","from","to","reason"],"additionalProperties":false};

function validate106(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TransactionFailed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.txHash === undefined) && (missing0 = "txHash")) || ((data.from === undefined) && (missing0 = "from"))) || ((data.to === undefined) && (missing0 = "to"))) || ((data.reason === undefined) && (missing0 = "reason"))){
validate106.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "txHash") || (key0 === "from")) || (key0 === "to")) || (key0 === "reason"))){
validate106.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate106.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.from !== undefined){
let data1 = data.from;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate106.errors = [{instancePath:instancePath+"/from",schemaPath:"#/properties/from/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/from",schemaPath:"#/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.to !== undefined){
let data2 = data.to;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate106.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data3 = data.reason;
const _errs9 = errors;
if((typeof data3 !== "string") && (data3 !== null)){
validate106.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: schema107.properties.reason.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate106.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate106.errors = vErrors;
return errors === 0;
}

const TransactionPaid_v1 = validate107;

function validate107(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TransactionPaid.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.txHash === undefined) && (missing0 = "txHash")) || ((data.payer === undefined) && (missing0 = "payer"))) || ((data.gasUsed === undefined) && (missing0 = "gasUsed"))) || ((data.gasPrice === undefined) && (missing0 = "gasPrice"))) || ((data.dataFee === undefined) && (missing0 = "dataFee"))) || ((data.total === undefined) && (missing0 = "total"))){
validate107.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((key0 === "txHash") || (key0 === "payer")) || (key0 === "gasUsed")) || (key0 === "gasPrice")) || (key0 === "dataFee")) || (key0 === "total"))){
validate107.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate107.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate107.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.payer !== undefined){
let data1 = data.payer;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate107.errors = [{instancePath:instancePath+"/payer",schemaPath:"#/properties/payer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate107.errors = [{instancePath:instancePath+"/payer",schemaPath:"#/properties/payer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gasUsed !== undefined){
let data2 = data.gasUsed;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate107.errors = [{instancePath:instancePath+"/gasUsed",schemaPath:"#/properties/gasUsed/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate107.errors = [{instancePath:instancePath+"/gasUsed",schemaPath:"#/properties/gasUsed/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gasPrice !== undefined){
let data3 = data.gasPrice;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate107.errors = [{instancePath:instancePath+"/gasPrice",schemaPath:"#/properties/gasPrice/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate107.errors = [{instancePath:instancePath+"/gasPrice",schemaPath:"#/properties/gasPrice/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataFee !== undefined){
let data4 = data.dataFee;
const _errs11 = errors;
const _errs12 = errors;
let valid1 = false;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
const err0 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs13 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs15 = errors;
if(data4 !== null){
const err2 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs15 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate107.errors = vErrors;
return false;
}
else {
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.total !== undefined){
let data5 = data.total;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate107.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate107.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate107.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate107.errors = vErrors;
return errors === 0;
}

const TransactionPaid_v2 = validate108;
const schema109 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"TransactionPaid.v2","title":"The data of TransactionPaid, version 2","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"txHash":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"},"payer":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"gasUsed":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"gasPrice":{"type":"string","description":"Wei.","pattern":"^(0|[1-9][0-9]{0,77})$"},"dataFee":{"anyOf":[{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},{"type":"null"}],"description":"Wei of `total` that paid for its data on the chain below; null where its receipt tells none."},"total":{"type":"string","description":"Wei, without what it sends.","pattern":"^(0|[1-9][0-9]{0,77})$"},"value":{"anyOf":[{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},{"type":"null"}],"description":"What it sends, in wei; null, as what follows, of blocks that were told before this was."},"input":{"anyOf":[{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"},{"type":"null"}],"description":"What it calls and with what, as far as its first INPUT_BYTES_MAX bytes; its hash commits to the rest."},"inputBytes":{"anyOf":[{"type":"integer","description":"How many there are, or the how-manieth it is.","minimum":0},{"type":"null"}],"description":"Of the whole of it."}},"required":["txHash","payer","gasUsed","gasPrice","dataFee","total","value","input","inputBytes"],"additionalProperties":false};

function validate108(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TransactionPaid.v2" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.txHash === undefined) && (missing0 = "txHash")) || ((data.payer === undefined) && (missing0 = "payer"))) || ((data.gasUsed === undefined) && (missing0 = "gasUsed"))) || ((data.gasPrice === undefined) && (missing0 = "gasPrice"))) || ((data.dataFee === undefined) && (missing0 = "dataFee"))) || ((data.total === undefined) && (missing0 = "total"))) || ((data.value === undefined) && (missing0 = "value"))) || ((data.input === undefined) && (missing0 = "input"))) || ((data.inputBytes === undefined) && (missing0 = "inputBytes"))){
validate108.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(func2.call(schema109.properties, key0))){
validate108.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.txHash !== undefined){
let data0 = data.txHash;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate108.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/txHash",schemaPath:"#/properties/txHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.payer !== undefined){
let data1 = data.payer;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate108.errors = [{instancePath:instancePath+"/payer",schemaPath:"#/properties/payer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/payer",schemaPath:"#/properties/payer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gasUsed !== undefined){
let data2 = data.gasUsed;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate108.errors = [{instancePath:instancePath+"/gasUsed",schemaPath:"#/properties/gasUsed/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/gasUsed",schemaPath:"#/properties/gasUsed/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gasPrice !== undefined){
let data3 = data.gasPrice;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern20.test(data3)){
validate108.errors = [{instancePath:instancePath+"/gasPrice",schemaPath:"#/properties/gasPrice/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/gasPrice",schemaPath:"#/properties/gasPrice/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataFee !== undefined){
let data4 = data.dataFee;
const _errs11 = errors;
const _errs12 = errors;
let valid1 = false;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data4 === "string"){
if(!pattern20.test(data4)){
const err0 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs13 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs15 = errors;
if(data4 !== null){
const err2 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs15 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err3 = {instancePath:instancePath+"/dataFee",schemaPath:"#/properties/dataFee/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate108.errors = vErrors;
return false;
}
else {
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.total !== undefined){
let data5 = data.total;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate108.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.value !== undefined){
let data6 = data.value;
const _errs19 = errors;
const _errs20 = errors;
let valid2 = false;
const _errs21 = errors;
if(errors === _errs21){
if(typeof data6 === "string"){
if(!pattern20.test(data6)){
const err4 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid1 = _errs21 === errors;
valid2 = valid2 || _valid1;
if(!valid2){
const _errs23 = errors;
if(data6 !== null){
const err6 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid1 = _errs23 === errors;
valid2 = valid2 || _valid1;
}
if(!valid2){
const err7 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
validate108.errors = vErrors;
return false;
}
else {
errors = _errs20;
if(vErrors !== null){
if(_errs20){
vErrors.length = _errs20;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.input !== undefined){
let data7 = data.input;
const _errs25 = errors;
const _errs26 = errors;
let valid3 = false;
const _errs27 = errors;
if(errors === _errs27){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
const err8 = {instancePath:instancePath+"/input",schemaPath:"#/properties/input/anyOf/0/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/input",schemaPath:"#/properties/input/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
var _valid2 = _errs27 === errors;
valid3 = valid3 || _valid2;
if(!valid3){
const _errs29 = errors;
if(data7 !== null){
const err10 = {instancePath:instancePath+"/input",schemaPath:"#/properties/input/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid2 = _errs29 === errors;
valid3 = valid3 || _valid2;
}
if(!valid3){
const err11 = {instancePath:instancePath+"/input",schemaPath:"#/properties/input/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
validate108.errors = vErrors;
return false;
}
else {
errors = _errs26;
if(vErrors !== null){
if(_errs26){
vErrors.length = _errs26;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputBytes !== undefined){
let data8 = data.inputBytes;
const _errs31 = errors;
const _errs32 = errors;
let valid4 = false;
const _errs33 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err12 = {instancePath:instancePath+"/inputBytes",schemaPath:"#/properties/inputBytes/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(errors === _errs33){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
const err13 = {instancePath:instancePath+"/inputBytes",schemaPath:"#/properties/inputBytes/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
var _valid3 = _errs33 === errors;
valid4 = valid4 || _valid3;
if(!valid4){
const _errs35 = errors;
if(data8 !== null){
const err14 = {instancePath:instancePath+"/inputBytes",schemaPath:"#/properties/inputBytes/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var _valid3 = _errs35 === errors;
valid4 = valid4 || _valid3;
}
if(!valid4){
const err15 = {instancePath:instancePath+"/inputBytes",schemaPath:"#/properties/inputBytes/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
validate108.errors = vErrors;
return false;
}
else {
errors = _errs32;
if(vErrors !== null){
if(_errs32){
vErrors.length = _errs32;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate108.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate108.errors = vErrors;
return errors === 0;
}

const Transfer_v1 = validate109;

function validate109(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Transfer.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.amount === undefined) && (missing0 = "amount")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.from === undefined) && (missing0 = "from"))) || ((data.to === undefined) && (missing0 = "to"))){
validate109.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "amount")) || (key0 === "contract")) || (key0 === "log"))){
validate109.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.from !== undefined){
let data0 = data.from;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate109.errors = [{instancePath:instancePath+"/from",schemaPath:"#/properties/from/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/from",schemaPath:"#/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.to !== undefined){
let data1 = data.to;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate109.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.amount !== undefined){
let data2 = data.amount;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate109.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/amount",schemaPath:"#/properties/amount/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate109.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate109.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate109.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate109.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate109.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate109.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate109.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate109.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate109.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate109.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate109.errors = vErrors;
return errors === 0;
}

const TreeHeadAnchored_v1 = validate110;

function validate110(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TreeHeadAnchored.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.contract === undefined) && (missing0 = "contract")) || ((data.index === undefined) && (missing0 = "index"))) || ((data.logId === undefined) && (missing0 = "logId"))) || ((data.rootHash === undefined) && (missing0 = "rootHash"))) || ((data.signer === undefined) && (missing0 = "signer"))) || ((data.treeSize === undefined) && (missing0 = "treeSize"))){
validate110.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((((key0 === "logId") || (key0 === "index")) || (key0 === "treeSize")) || (key0 === "rootHash")) || (key0 === "signer")) || (key0 === "contract")) || (key0 === "log"))){
validate110.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.logId !== undefined){
let data0 = data.logId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate110.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.index !== undefined){
let data1 = data.index;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate110.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate110.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.treeSize !== undefined){
let data2 = data.treeSize;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate110.errors = [{instancePath:instancePath+"/treeSize",schemaPath:"#/properties/treeSize/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/treeSize",schemaPath:"#/properties/treeSize/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rootHash !== undefined){
let data3 = data.rootHash;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern23.test(data3)){
validate110.errors = [{instancePath:instancePath+"/rootHash",schemaPath:"#/properties/rootHash/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/rootHash",schemaPath:"#/properties/rootHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signer !== undefined){
let data4 = data.signer;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate110.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/signer",schemaPath:"#/properties/signer/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data5 = data.contract;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate110.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data6 = data.log;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((((data6.address === undefined) && (missing1 = "address")) || ((data6.topics === undefined) && (missing1 = "topics"))) || ((data6.data === undefined) && (missing1 = "data"))){
validate110.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs17 = errors;
for(const key1 in data6){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate110.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs17 === errors){
if(data6.address !== undefined){
let data7 = data6.address;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern0.test(data7)){
validate110.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.topics !== undefined){
let data8 = data6.topics;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
const _errs22 = errors;
if(errors === _errs22){
if(typeof data9 === "string"){
if(!pattern23.test(data9)){
validate110.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs22 === errors;
if(!valid2){
break;
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data6.data !== undefined){
let data10 = data6.data;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern1.test(data10)){
validate110.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate110.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate110.errors = vErrors;
return errors === 0;
}

const TreeHeadRetracted_v1 = validate111;

function validate111(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="TreeHeadRetracted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.index === undefined) && (missing0 = "index"))) || ((data.logId === undefined) && (missing0 = "logId"))) || ((data.newestIndex === undefined) && (missing0 = "newestIndex"))){
validate111.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "logId") || (key0 === "index")) || (key0 === "newestIndex")) || (key0 === "contract")) || (key0 === "log"))){
validate111.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.logId !== undefined){
let data0 = data.logId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern23.test(data0)){
validate111.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate111.errors = [{instancePath:instancePath+"/logId",schemaPath:"#/properties/logId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.index !== undefined){
let data1 = data.index;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate111.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate111.errors = [{instancePath:instancePath+"/index",schemaPath:"#/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newestIndex !== undefined){
let data2 = data.newestIndex;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate111.errors = [{instancePath:instancePath+"/newestIndex",schemaPath:"#/properties/newestIndex/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate111.errors = [{instancePath:instancePath+"/newestIndex",schemaPath:"#/properties/newestIndex/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate111.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate111.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate111.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate111.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate111.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate111.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate111.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate111.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate111.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate111.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate111.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate111.errors = vErrors;
return errors === 0;
}

const Unpaused_v1 = validate112;

function validate112(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="Unpaused.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.account === undefined) && (missing0 = "account")) || ((data.contract === undefined) && (missing0 = "contract"))){
validate112.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "account") || (key0 === "contract")) || (key0 === "log"))){
validate112.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.account !== undefined){
let data0 = data.account;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate112.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate112.errors = [{instancePath:instancePath+"/account",schemaPath:"#/properties/account/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data1 = data.contract;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate112.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate112.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data2 = data.log;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.address === undefined) && (missing1 = "address")) || ((data2.topics === undefined) && (missing1 = "topics"))) || ((data2.data === undefined) && (missing1 = "data"))){
validate112.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate112.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.address !== undefined){
let data3 = data2.address;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate112.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate112.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.topics !== undefined){
let data4 = data2.topics;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
var valid2 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern23.test(data5)){
validate112.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate112.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate112.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.data !== undefined){
let data6 = data2.data;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate112.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate112.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate112.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate112.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate112.errors = vErrors;
return errors === 0;
}

const UserErased_v1 = validate113;
const schema114 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"UserErased.v1","title":"The data of UserErased, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","properties":{"commandId":{"type":"string","pattern":"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"registration":{"type":"integer","description":"Which registration of this address, from 1: it ends here.","minimum":0},"by":{"type":"string","enum":["PERSON","OPERATOR"]},"requestedBy":{"type":"string","description":"The person's address, an operator's address, or `operator:<name>`."},"reason":{"type":["string","null"],"description":"An operator's; null where the person asked."},"inputHash":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["commandId","address","registration","by","requestedBy","reason","inputHash","at"],"additionalProperties":false};

function validate113(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserErased.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.commandId === undefined) && (missing0 = "commandId")) || ((data.address === undefined) && (missing0 = "address"))) || ((data.registration === undefined) && (missing0 = "registration"))) || ((data.by === undefined) && (missing0 = "by"))) || ((data.requestedBy === undefined) && (missing0 = "requestedBy"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.inputHash === undefined) && (missing0 = "inputHash"))) || ((data.at === undefined) && (missing0 = "at"))){
validate113.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "commandId") || (key0 === "address")) || (key0 === "registration")) || (key0 === "by")) || (key0 === "requestedBy")) || (key0 === "reason")) || (key0 === "inputHash")) || (key0 === "at"))){
validate113.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.commandId !== undefined){
let data0 = data.commandId;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate113.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},message:"must match pattern \""+"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"+"\""}];
return false;
}
}
else {
validate113.errors = [{instancePath:instancePath+"/commandId",schemaPath:"#/properties/commandId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.address !== undefined){
let data1 = data.address;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate113.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate113.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.registration !== undefined){
let data2 = data.registration;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate113.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate113.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.by !== undefined){
let data3 = data.by;
const _errs9 = errors;
if(typeof data3 !== "string"){
validate113.errors = [{instancePath:instancePath+"/by",schemaPath:"#/properties/by/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data3 === "PERSON") || (data3 === "OPERATOR"))){
validate113.errors = [{instancePath:instancePath+"/by",schemaPath:"#/properties/by/enum",keyword:"enum",params:{allowedValues: schema114.properties.by.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs11 = errors;
if(typeof data.requestedBy !== "string"){
validate113.errors = [{instancePath:instancePath+"/requestedBy",schemaPath:"#/properties/requestedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data5 = data.reason;
const _errs13 = errors;
if((typeof data5 !== "string") && (data5 !== null)){
validate113.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: schema114.properties.reason.type},message:"must be string,null"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputHash !== undefined){
let data6 = data.inputHash;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern1.test(data6)){
validate113.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate113.errors = [{instancePath:instancePath+"/inputHash",schemaPath:"#/properties/inputHash/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data7 = data.at;
const _errs17 = errors;
if(errors === _errs17){
if(typeof data7 === "string"){
if(!pattern3.test(data7)){
validate113.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate113.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate113.errors = vErrors;
return errors === 0;
}

const UserKeyDestroyed_v1 = validate114;

function validate114(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserKeyDestroyed.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.address === undefined) && (missing0 = "address")) || ((data.registration === undefined) && (missing0 = "registration"))) || ((data.at === undefined) && (missing0 = "at"))){
validate114.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((key0 === "address") || (key0 === "registration")) || (key0 === "at"))){
validate114.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate114.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate114.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.registration !== undefined){
let data1 = data.registration;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate114.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate114.errors = [{instancePath:instancePath+"/registration",schemaPath:"#/properties/registration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data2 = data.at;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
validate114.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate114.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate114.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate114.errors = vErrors;
return errors === 0;
}

const UserRegistered_v1 = validate115;

function validate115(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserRegistered.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))){
validate115.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "address") || (key0 === "at"))){
validate115.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate115.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate115.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data1 = data.at;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate115.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate115.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate115.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate115.errors = vErrors;
return errors === 0;
}

const UserRoleGranted_v1 = validate116;
const schema117 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"UserRoleGranted.v1","title":"The data of UserRoleGranted, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"grantedBy":{"type":"string"},"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"role":{"type":"string","enum":["CREATOR","AUDITOR","OPERATOR","ADMIN","SUPER_ADMIN"],"description":"What one may be beyond what everybody is who signed in; what each may: `permissionsOf`."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","at","grantedBy","reason","role"]};

function validate116(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserRoleGranted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))) || ((data.grantedBy === undefined) && (missing0 = "grantedBy"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.role === undefined) && (missing0 = "role"))){
validate116.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "grantedBy") || (key0 === "address")) || (key0 === "role")) || (key0 === "reason")) || (key0 === "at"))){
validate116.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.grantedBy !== undefined){
const _errs3 = errors;
if(typeof data.grantedBy !== "string"){
validate116.errors = [{instancePath:instancePath+"/grantedBy",schemaPath:"#/properties/grantedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.address !== undefined){
let data1 = data.address;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate116.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate116.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.role !== undefined){
let data2 = data.role;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate116.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data2 === "CREATOR") || (data2 === "AUDITOR")) || (data2 === "OPERATOR")) || (data2 === "ADMIN")) || (data2 === "SUPER_ADMIN"))){
validate116.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema117.properties.role.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate116.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate116.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate116.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate116.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate116.errors = vErrors;
return errors === 0;
}

const UserRoleRevoked_v1 = validate117;
const schema118 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"UserRoleRevoked.v1","title":"The data of UserRoleRevoked, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"revokedBy":{"type":"string"},"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"role":{"type":"string","enum":["CREATOR","AUDITOR","OPERATOR","ADMIN","SUPER_ADMIN"],"description":"What one may be beyond what everybody is who signed in; what each may: `permissionsOf`."},"reason":{"type":"string"},"at":{"type":"string","description":"A moment in ISO 8601, UTC, with milliseconds.","pattern":"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"}},"required":["address","at","reason","revokedBy","role"]};

function validate117(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserRoleRevoked.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.revokedBy === undefined) && (missing0 = "revokedBy"))) || ((data.role === undefined) && (missing0 = "role"))){
validate117.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "revokedBy") || (key0 === "address")) || (key0 === "role")) || (key0 === "reason")) || (key0 === "at"))){
validate117.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.revokedBy !== undefined){
const _errs3 = errors;
if(typeof data.revokedBy !== "string"){
validate117.errors = [{instancePath:instancePath+"/revokedBy",schemaPath:"#/properties/revokedBy/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.address !== undefined){
let data1 = data.address;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate117.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate117.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.role !== undefined){
let data2 = data.role;
const _errs7 = errors;
if(typeof data2 !== "string"){
validate117.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((((data2 === "CREATOR") || (data2 === "AUDITOR")) || (data2 === "OPERATOR")) || (data2 === "ADMIN")) || (data2 === "SUPER_ADMIN"))){
validate117.errors = [{instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema118.properties.role.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate117.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data4 = data.at;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
validate117.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate117.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate117.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate117.errors = vErrors;
return errors === 0;
}

const UserSignedIn_v1 = validate118;

function validate118(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="UserSignedIn.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.address === undefined) && (missing0 = "address")) || ((data.at === undefined) && (missing0 = "at"))){
validate118.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((key0 === "address") || (key0 === "at"))){
validate118.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.address !== undefined){
let data0 = data.address;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate118.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/address",schemaPath:"#/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
let data1 = data.at;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate118.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"+"\""}];
return false;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate118.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate118.errors = vErrors;
return errors === 0;
}

const VetoGranted_v1 = validate119;

function validate119(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VetoGranted.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.contract === undefined) && (missing0 = "contract")) || ((data.guardian === undefined) && (missing0 = "guardian"))) || ((data.until === undefined) && (missing0 = "until"))){
validate119.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((key0 === "guardian") || (key0 === "until")) || (key0 === "contract")) || (key0 === "log"))){
validate119.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.guardian !== undefined){
let data0 = data.guardian;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate119.errors = [{instancePath:instancePath+"/guardian",schemaPath:"#/properties/guardian/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate119.errors = [{instancePath:instancePath+"/guardian",schemaPath:"#/properties/guardian/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.until !== undefined){
let data1 = data.until;
const _errs5 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate119.errors = [{instancePath:instancePath+"/until",schemaPath:"#/properties/until/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs5){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate119.errors = [{instancePath:instancePath+"/until",schemaPath:"#/properties/until/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data2 = data.contract;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate119.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate119.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data3 = data.log;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((data3.address === undefined) && (missing1 = "address")) || ((data3.topics === undefined) && (missing1 = "topics"))) || ((data3.data === undefined) && (missing1 = "data"))){
validate119.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data3){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate119.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data3.address !== undefined){
let data4 = data3.address;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern0.test(data4)){
validate119.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate119.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.topics !== undefined){
let data5 = data3.topics;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(typeof data6 === "string"){
if(!pattern23.test(data6)){
validate119.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate119.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs16 === errors;
if(!valid2){
break;
}
}
}
else {
validate119.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data3.data !== undefined){
let data7 = data3.data;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern1.test(data7)){
validate119.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate119.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate119.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate119.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate119.errors = vErrors;
return errors === 0;
}

const VoteCast_v1 = validate120;
const schema121 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"VoteCast.v1","title":"The data of VoteCast, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"voter":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"support":{"type":"string","enum":["AGAINST","FOR","ABSTAIN"]},"weight":{"type":"string","description":"Base units of the votes token that were delegated to the voter at the proposal's voteStart.","pattern":"^(0|[1-9][0-9]{0,77})$"},"reason":{"type":"string"},"params":{"type":"string","description":"`0x` where there are none.","pattern":"^0x([0-9a-f]{2})*$"},"proposalId":{"type":"string","description":"The Governor's hash of actions and description, an unsigned integer of 256 bits.","pattern":"^(0|[1-9][0-9]{0,77})$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["contract","params","proposalId","reason","support","voter","weight"]};

function validate120(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VoteCast.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.contract === undefined) && (missing0 = "contract")) || ((data.params === undefined) && (missing0 = "params"))) || ((data.proposalId === undefined) && (missing0 = "proposalId"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.support === undefined) && (missing0 = "support"))) || ((data.voter === undefined) && (missing0 = "voter"))) || ((data.weight === undefined) && (missing0 = "weight"))){
validate120.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!((((((((key0 === "voter") || (key0 === "support")) || (key0 === "weight")) || (key0 === "reason")) || (key0 === "params")) || (key0 === "proposalId")) || (key0 === "contract")) || (key0 === "log"))){
validate120.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.voter !== undefined){
let data0 = data.voter;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate120.errors = [{instancePath:instancePath+"/voter",schemaPath:"#/properties/voter/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/voter",schemaPath:"#/properties/voter/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.support !== undefined){
let data1 = data.support;
const _errs5 = errors;
if(typeof data1 !== "string"){
validate120.errors = [{instancePath:instancePath+"/support",schemaPath:"#/properties/support/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!(((data1 === "AGAINST") || (data1 === "FOR")) || (data1 === "ABSTAIN"))){
validate120.errors = [{instancePath:instancePath+"/support",schemaPath:"#/properties/support/enum",keyword:"enum",params:{allowedValues: schema121.properties.support.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.weight !== undefined){
let data2 = data.weight;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate120.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate120.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.params !== undefined){
let data4 = data.params;
const _errs11 = errors;
if(errors === _errs11){
if(typeof data4 === "string"){
if(!pattern1.test(data4)){
validate120.errors = [{instancePath:instancePath+"/params",schemaPath:"#/properties/params/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/params",schemaPath:"#/properties/params/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.proposalId !== undefined){
let data5 = data.proposalId;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern20.test(data5)){
validate120.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/proposalId",schemaPath:"#/properties/proposalId/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data6 = data.contract;
const _errs15 = errors;
if(errors === _errs15){
if(typeof data6 === "string"){
if(!pattern0.test(data6)){
validate120.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data7 = data.log;
const _errs17 = errors;
if(errors === _errs17){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing1;
if((((data7.address === undefined) && (missing1 = "address")) || ((data7.topics === undefined) && (missing1 = "topics"))) || ((data7.data === undefined) && (missing1 = "data"))){
validate120.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs19 = errors;
for(const key1 in data7){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate120.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs19 === errors){
if(data7.address !== undefined){
let data8 = data7.address;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
validate120.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data7.topics !== undefined){
let data9 = data7.topics;
const _errs22 = errors;
if(errors === _errs22){
if(Array.isArray(data9)){
var valid2 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
let data10 = data9[i0];
const _errs24 = errors;
if(errors === _errs24){
if(typeof data10 === "string"){
if(!pattern23.test(data10)){
validate120.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs24 === errors;
if(!valid2){
break;
}
}
}
else {
validate120.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs22 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data7.data !== undefined){
let data11 = data7.data;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data11 === "string"){
if(!pattern1.test(data11)){
validate120.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate120.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs26 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate120.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate120.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate120.errors = vErrors;
return errors === 0;
}

const VoteExtensionSet_v1 = validate121;
const schema122 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"VoteExtensionSet.v1","title":"The data of VoteExtensionSet, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"clock":{"type":"string","enum":["BLOCKS","SECONDS"],"description":"What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch."},"oldValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"newValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["clock","contract","newValue","oldValue"]};

function validate121(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VoteExtensionSet.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.clock === undefined) && (missing0 = "clock")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate121.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "clock") || (key0 === "oldValue")) || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate121.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.clock !== undefined){
let data0 = data.clock;
const _errs3 = errors;
if(typeof data0 !== "string"){
validate121.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data0 === "BLOCKS") || (data0 === "SECONDS"))){
validate121.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/enum",keyword:"enum",params:{allowedValues: schema122.properties.clock.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.oldValue !== undefined){
let data1 = data.oldValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate121.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data2 = data.newValue;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate121.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate121.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate121.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate121.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate121.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate121.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate121.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate121.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate121.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate121.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate121.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate121.errors = vErrors;
return errors === 0;
}

const VotesDelegated_v1 = validate122;

function validate122(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VotesDelegated.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.contract === undefined) && (missing0 = "contract")) || ((data.delegator === undefined) && (missing0 = "delegator"))) || ((data.fromDelegate === undefined) && (missing0 = "fromDelegate"))) || ((data.toDelegate === undefined) && (missing0 = "toDelegate"))){
validate122.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "delegator") || (key0 === "fromDelegate")) || (key0 === "toDelegate")) || (key0 === "contract")) || (key0 === "log"))){
validate122.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.delegator !== undefined){
let data0 = data.delegator;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate122.errors = [{instancePath:instancePath+"/delegator",schemaPath:"#/properties/delegator/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/delegator",schemaPath:"#/properties/delegator/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.fromDelegate !== undefined){
let data1 = data.fromDelegate;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
validate122.errors = [{instancePath:instancePath+"/fromDelegate",schemaPath:"#/properties/fromDelegate/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/fromDelegate",schemaPath:"#/properties/fromDelegate/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.toDelegate !== undefined){
let data2 = data.toDelegate;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern0.test(data2)){
validate122.errors = [{instancePath:instancePath+"/toDelegate",schemaPath:"#/properties/toDelegate/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/toDelegate",schemaPath:"#/properties/toDelegate/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate122.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate122.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate122.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate122.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate122.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate122.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate122.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate122.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate122.errors = vErrors;
return errors === 0;
}

const VotingDelaySet_v1 = validate123;
const schema124 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"VotingDelaySet.v1","title":"The data of VotingDelaySet, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"clock":{"type":"string","enum":["BLOCKS","SECONDS"],"description":"What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch."},"oldValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"newValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["clock","contract","newValue","oldValue"]};

function validate123(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VotingDelaySet.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.clock === undefined) && (missing0 = "clock")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate123.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "clock") || (key0 === "oldValue")) || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate123.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.clock !== undefined){
let data0 = data.clock;
const _errs3 = errors;
if(typeof data0 !== "string"){
validate123.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data0 === "BLOCKS") || (data0 === "SECONDS"))){
validate123.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/enum",keyword:"enum",params:{allowedValues: schema124.properties.clock.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.oldValue !== undefined){
let data1 = data.oldValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate123.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data2 = data.newValue;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate123.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate123.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate123.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate123.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate123.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate123.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate123.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate123.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate123.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate123.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate123.errors = vErrors;
return errors === 0;
}

const VotingPeriodSet_v1 = validate124;
const schema125 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"VotingPeriodSet.v1","title":"The data of VotingPeriodSet, version 1","$comment":"Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs","type":"object","additionalProperties":false,"properties":{"clock":{"type":"string","enum":["BLOCKS","SECONDS"],"description":"What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch."},"oldValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"newValue":{"type":"string","description":"An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.","pattern":"^(0|[1-9][0-9]{0,77})$"},"contract":{"type":"string","description":"The contract that emitted it.","pattern":"^0x[0-9a-fA-F]{40}$"},"log":{"type":"object","properties":{"address":{"type":"string","description":"An EIP-55 checksummed address.","pattern":"^0x[0-9a-fA-F]{40}$"},"topics":{"type":"array","items":{"type":"string","description":"32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.","pattern":"^0x[0-9a-f]{64}$"}},"data":{"type":"string","description":"Any number of bytes in lower-case hexadecimal.","pattern":"^0x([0-9a-f]{2})*$"}},"required":["address","topics","data"],"additionalProperties":false,"description":"A log as the chain gave it."}},"required":["clock","contract","newValue","oldValue"]};

function validate124(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="VotingPeriodSet.v1" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.clock === undefined) && (missing0 = "clock")) || ((data.contract === undefined) && (missing0 = "contract"))) || ((data.newValue === undefined) && (missing0 = "newValue"))) || ((data.oldValue === undefined) && (missing0 = "oldValue"))){
validate124.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs2 = errors;
for(const key0 in data){
if(!(((((key0 === "clock") || (key0 === "oldValue")) || (key0 === "newValue")) || (key0 === "contract")) || (key0 === "log"))){
validate124.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs2 === errors){
if(data.clock !== undefined){
let data0 = data.clock;
const _errs3 = errors;
if(typeof data0 !== "string"){
validate124.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
if(!((data0 === "BLOCKS") || (data0 === "SECONDS"))){
validate124.errors = [{instancePath:instancePath+"/clock",schemaPath:"#/properties/clock/enum",keyword:"enum",params:{allowedValues: schema125.properties.clock.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.oldValue !== undefined){
let data1 = data.oldValue;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern20.test(data1)){
validate124.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/oldValue",schemaPath:"#/properties/oldValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newValue !== undefined){
let data2 = data.newValue;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(!pattern20.test(data2)){
validate124.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,77})$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,77})$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/newValue",schemaPath:"#/properties/newValue/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contract !== undefined){
let data3 = data.contract;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
validate124.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/contract",schemaPath:"#/properties/contract/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.log !== undefined){
let data4 = data.log;
const _errs11 = errors;
if(errors === _errs11){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((((data4.address === undefined) && (missing1 = "address")) || ((data4.topics === undefined) && (missing1 = "topics"))) || ((data4.data === undefined) && (missing1 = "data"))){
validate124.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data4){
if(!(((key1 === "address") || (key1 === "topics")) || (key1 === "data"))){
validate124.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data4.address !== undefined){
let data5 = data4.address;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data5 === "string"){
if(!pattern0.test(data5)){
validate124.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-fA-F]{40}$"},message:"must match pattern \""+"^0x[0-9a-fA-F]{40}$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/log/address",schemaPath:"#/properties/log/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.topics !== undefined){
let data6 = data4.topics;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data6)){
var valid2 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs18 = errors;
if(errors === _errs18){
if(typeof data7 === "string"){
if(!pattern23.test(data7)){
validate124.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/pattern",keyword:"pattern",params:{pattern: "^0x[0-9a-f]{64}$"},message:"must match pattern \""+"^0x[0-9a-f]{64}$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/log/topics/" + i0,schemaPath:"#/properties/log/properties/topics/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate124.errors = [{instancePath:instancePath+"/log/topics",schemaPath:"#/properties/log/properties/topics/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs16 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data4.data !== undefined){
let data8 = data4.data;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate124.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/pattern",keyword:"pattern",params:{pattern: "^0x([0-9a-f]{2})*$"},message:"must match pattern \""+"^0x([0-9a-f]{2})*$"+"\""}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/log/data",schemaPath:"#/properties/log/properties/data/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate124.errors = [{instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate124.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate124.errors = vErrors;
return errors === 0;
}

export interface Validator {
  (data: unknown): boolean;
  errors?: readonly { instancePath: string; keyword: string; params: object; message?: string }[] | null;
}
export const validators: Readonly<Record<string, Validator>> = {
  'ActConfirmed.v1': ActConfirmed_v1,
  'ApiKeyCreated.v1': ApiKeyCreated_v1,
  'ApiKeyEnded.v1': ApiKeyEnded_v1,
  'ApiKeyRateSet.v1': ApiKeyRateSet_v1,
  'ApiKeyRevoked.v1': ApiKeyRevoked_v1,
  'Approval.v1': Approval_v1,
  'BlockIngested.v1': BlockIngested_v1,
  'BlocksFinalized.v1': BlocksFinalized_v1,
  'BlocksReverted.v1': BlocksReverted_v1,
  'ChainHalted.v1': ChainHalted_v1,
  'ChainHalted.v2': ChainHalted_v2,
  'ChainResumed.v1': ChainResumed_v1,
  'CheckpointSignerUpdated.v1': CheckpointSignerUpdated_v1,
  'CommandRejected.v1': CommandRejected_v1,
  'ConfirmationTurnedOff.v1': ConfirmationTurnedOff_v1,
  'ConfirmationTurnedOn.v1': ConfirmationTurnedOn_v1,
  'CreationFeeUpdated.v1': CreationFeeUpdated_v1,
  'CreationFeesCollected.v1': CreationFeesCollected_v1,
  'DelegateVotesChanged.v1': DelegateVotesChanged_v1,
  'DriftEnded.v1': DriftEnded_v1,
  'DriftFound.v1': DriftFound_v1,
  'FeeRecipientUpdated.v1': FeeRecipientUpdated_v1,
  'ForwardNonceOffered.v1': ForwardNonceOffered_v1,
  'ForwardNonceTaken.v1': ForwardNonceTaken_v1,
  'ForwardRequestExecuted.v1': ForwardRequestExecuted_v1,
  'GovernanceTimelockChanged.v1': GovernanceTimelockChanged_v1,
  'GovernanceTokenMinted.v1': GovernanceTokenMinted_v1,
  'GuardianUpdated.v1': GuardianUpdated_v1,
  'LiquidityAdded.v1': LiquidityAdded_v1,
  'LiquidityAdditionRequested.v1': LiquidityAdditionRequested_v1,
  'LiquidityRemovalRequested.v1': LiquidityRemovalRequested_v1,
  'LiquidityRemoved.v1': LiquidityRemoved_v1,
  'LogParked.v1': LogParked_v1,
  'MessageParked.v1': MessageParked_v1,
  'OperationApproved.v1': OperationApproved_v1,
  'OperationCompleted.v1': OperationCompleted_v1,
  'OperationDeclined.v1': OperationDeclined_v1,
  'OperationFailed.v1': OperationFailed_v1,
  'OperationProposed.v1': OperationProposed_v1,
  'OperationRequested.v1': OperationRequested_v1,
  'OperationRequested.v2': OperationRequested_v2,
  'OwnershipTransferStarted.v1': OwnershipTransferStarted_v1,
  'OwnershipTransferred.v1': OwnershipTransferred_v1,
  'ParkedLogResolved.v1': ParkedLogResolved_v1,
  'Paused.v1': Paused_v1,
  'PausedUntil.v1': PausedUntil_v1,
  'PayoutClaimed.v1': PayoutClaimed_v1,
  'PayoutKept.v1': PayoutKept_v1,
  'PoolCreated.v1': PoolCreated_v1,
  'PoolCreationRequested.v1': PoolCreationRequested_v1,
  'ProfileUpdated.v1': ProfileUpdated_v1,
  'ProposalCanceled.v1': ProposalCanceled_v1,
  'ProposalCreated.v1': ProposalCreated_v1,
  'ProposalExecuted.v1': ProposalExecuted_v1,
  'ProposalExtended.v1': ProposalExtended_v1,
  'ProposalQueued.v1': ProposalQueued_v1,
  'ProposalThresholdSet.v1': ProposalThresholdSet_v1,
  'ProtocolFeeUpdated.v1': ProtocolFeeUpdated_v1,
  'ProtocolFeesCollected.v1': ProtocolFeesCollected_v1,
  'QuorumNumeratorUpdated.v1': QuorumNumeratorUpdated_v1,
  'RelayAttemptFailed.v1': RelayAttemptFailed_v1,
  'RelayAuthorized.v1': RelayAuthorized_v1,
  'RelayRequested.v1': RelayRequested_v1,
  'RelayerTransactionSigned.v1': RelayerTransactionSigned_v1,
  'ReportRequested.v1': ReportRequested_v1,
  'ReportWritten.v1': ReportWritten_v1,
  'RequestConfirmed.v1': RequestConfirmed_v1,
  'RequestExpired.v1': RequestExpired_v1,
  'RequestFailed.v1': RequestFailed_v1,
  'RequestFinalized.v1': RequestFinalized_v1,
  'RequestRetracted.v1': RequestRetracted_v1,
  'RequestReverted.v1': RequestReverted_v1,
  'RequestSubmitted.v1': RequestSubmitted_v1,
  'RoleAdminChanged.v1': RoleAdminChanged_v1,
  'RoleGranted.v1': RoleGranted_v1,
  'RoleRevoked.v1': RoleRevoked_v1,
  'SessionEnded.v1': SessionEnded_v1,
  'SessionRefreshed.v1': SessionRefreshed_v1,
  'SessionStarted.v1': SessionStarted_v1,
  'SigningDomainChanged.v1': SigningDomainChanged_v1,
  'StateChecksumsRecorded.v1': StateChecksumsRecorded_v1,
  'Swap.v1': Swap_v1,
  'SwapFeeUpdated.v1': SwapFeeUpdated_v1,
  'SwapRequested.v1': SwapRequested_v1,
  'Sync.v1': Sync_v1,
  'TimelockCallExecuted.v1': TimelockCallExecuted_v1,
  'TimelockCallScheduled.v1': TimelockCallScheduled_v1,
  'TimelockDelayChanged.v1': TimelockDelayChanged_v1,
  'TimelockOperationCancelled.v1': TimelockOperationCancelled_v1,
  'TimelockSaltTold.v1': TimelockSaltTold_v1,
  'TokenCreated.v1': TokenCreated_v1,
  'TokenCreationRequested.v1': TokenCreationRequested_v1,
  'TokenDeactivated.v1': TokenDeactivated_v1,
  'TokenDeactivationRequested.v1': TokenDeactivationRequested_v1,
  'TokenDescribed.v1': TokenDescribed_v1,
  'TokenMetadataUpdated.v1': TokenMetadataUpdated_v1,
  'TransactionFailed.v1': TransactionFailed_v1,
  'TransactionPaid.v1': TransactionPaid_v1,
  'TransactionPaid.v2': TransactionPaid_v2,
  'Transfer.v1': Transfer_v1,
  'TreeHeadAnchored.v1': TreeHeadAnchored_v1,
  'TreeHeadRetracted.v1': TreeHeadRetracted_v1,
  'Unpaused.v1': Unpaused_v1,
  'UserErased.v1': UserErased_v1,
  'UserKeyDestroyed.v1': UserKeyDestroyed_v1,
  'UserRegistered.v1': UserRegistered_v1,
  'UserRoleGranted.v1': UserRoleGranted_v1,
  'UserRoleRevoked.v1': UserRoleRevoked_v1,
  'UserSignedIn.v1': UserSignedIn_v1,
  'VetoGranted.v1': VetoGranted_v1,
  'VoteCast.v1': VoteCast_v1,
  'VoteExtensionSet.v1': VoteExtensionSet_v1,
  'VotesDelegated.v1': VotesDelegated_v1,
  'VotingDelaySet.v1': VotingDelaySet_v1,
  'VotingPeriodSet.v1': VotingPeriodSet_v1,
};
