-- SPDX-License-Identifier: Apache-2.0
-- Wireshark dissector of control messages under reserved SPIs (docs/protocol.md), over ESP, over ESP in UDP and over AH.
-- docs/wireshark.md says how to load it, and how nested ESP packets are decrypted.

-- The numbers of the wire format under their names in contract/description/wire.yaml; a test compares them.
local wire = {
  protocol_esp = 50, protocol_ah = 51, protocol_experiment = 253, udp_port_ipsec = 4500,
  ah_next_header = 0, ah_payload_length = 1, ah_spi = 4, ah_sequence = 8, ah_bytes_ipv4 = 12,
  spi_echo = 7, spi_echo_reply = 8, spi_control = 253, spi_bytes = 4, esp_bytes = 8, esp_sequence = 4,
  echo_subtype = 0, echo_flags = 1, echo_data_length = 2, echo_identifier = 4, echo_sequence = 6, echo_bytes = 8,
  echo_return_spi_bytes = 4, echo_flag_return = 0x80,
  subtype_request = 2, subtype_reply = 3, subtype_error = 200,
  control_bytes = 24, control_version_words = 0, control_type = 1, control_code = 2, control_flags = 3, control_length = 4,
  control_checksum = 6, control_subject = 8, control_transaction = 12, control_token_nonce = 16,
  control_version = 1, control_header_words = 6, control_flag_nested = 0x01, control_flag_no_answer = 0x02,
  type_echo_request = 1, type_echo_reply = 2, type_error_clear = 3, type_error_protected = 4, type_private_first = 128,
  nested_spi = 0, nested_sequence = 4, nested_iv = 8, nested_ciphertext = 16, icv_bytes = 16, nested_min_bytes = 36,
  nested_alignment = 4, trailer_next_header = 144,
  telemetry_bytes = 56, telemetry_magic_value = 0x5350, telemetry_magic = 0, telemetry_version = 2,
  telemetry_flags = 3, telemetry_origin = 4, telemetry_receive = 12, telemetry_transmit = 20, telemetry_data_sequence = 28,
  telemetry_token = 32, telemetry_token_nonce = 48,
  telemetry_times_valid = 0x01, telemetry_data_sequence_valid = 0x02, telemetry_token_valid = 0x04,
  token_bytes = 16, token_nonce_bytes = 8, error_bytes = 24, protected_error_bytes = 12,
  error_unknown_spi = 1, error_icv = 2, error_replay = 3, error_malformed = 4, error_sa_down = 5, error_unsupported = 6,
}

local sapulse = Proto("sapulse", "IPsec control message")
local over_udp = Proto("sapulse_udp", "IPsec control message in UDP")
local over_ah = Proto("sapulse_ah", "IPsec control message over AH")
local body = Proto("sapulse_body", "Body of a nested ESP packet")

sapulse.prefs.control_spi = Pref.uint("SPI of control messages", wire.spi_control, "The reserved SPI that both ends are set to")

local type_names = {
  {wire.type_echo_request, wire.type_echo_request, "Echo request"},
  {wire.type_echo_reply, wire.type_echo_reply, "Echo reply"},
  {wire.type_error_clear, wire.type_error_clear, "Error, clear"},
  {wire.type_error_protected, wire.type_error_protected, "Error, protected"},
  {wire.type_private_first, 255, "Private use"},
}
local error_names = {
  [0] = "None",
  [wire.error_unknown_spi] = "Unknown SPI",
  [wire.error_icv] = "Integrity check failed",
  [wire.error_replay] = "Replayed or too old",
  [wire.error_malformed] = "Malformed",
  [wire.error_sa_down] = "SA expired or administratively down",
  [wire.error_unsupported] = "Unsupported version or type",
}
local subtype_names = {
  [wire.subtype_request] = "Request",
  [wire.subtype_reply] = "Reply",
  [wire.subtype_error] = "Error",
}
-- The sub-type that the body of each type has.
local subtype_of_type = {
  [wire.type_echo_request] = wire.subtype_request,
  [wire.type_echo_reply] = wire.subtype_reply,
  [wire.type_error_protected] = wire.subtype_error,
}

local field = {
  spi = ProtoField.uint32("sapulse.spi", "Reserved SPI"),
  outer_sequence = ProtoField.uint32("sapulse.sequence", "Sequence number"),
  version = ProtoField.uint8("sapulse.version", "Version", base.DEC, nil, 0xf0),
  header_length = ProtoField.uint8("sapulse.header_length", "Header length in 32-bit words", base.DEC, nil, 0x0f),
  type = ProtoField.uint8("sapulse.type", "Type", base.RANGE_STRING + base.DEC, type_names),
  code = ProtoField.uint8("sapulse.code", "Code", base.DEC, error_names),
  flags = ProtoField.uint8("sapulse.flags", "Flags", base.HEX),
  flag_nested = ProtoField.bool("sapulse.flags.nested", "Nested ESP packet", 8, nil, wire.control_flag_nested),
  flag_no_answer = ProtoField.bool("sapulse.flags.no_answer", "No answer wanted", 8, nil, wire.control_flag_no_answer),
  length = ProtoField.uint16("sapulse.length", "Length"),
  checksum = ProtoField.uint16("sapulse.checksum", "Checksum", base.HEX),
  subject = ProtoField.uint32("sapulse.subject_spi", "Subject SPI", base.HEX),
  transaction = ProtoField.uint32("sapulse.transaction", "Transaction", base.HEX),
  token_nonce = ProtoField.bytes("sapulse.token_nonce", "Token nonce"),
  payload = ProtoField.bytes("sapulse.payload", "Payload"),
  nested_spi = ProtoField.uint32("sapulse.nested.spi", "Nested SPI", base.HEX),
  nested_sequence = ProtoField.uint32("sapulse.nested.sequence", "Nested sequence"),
  nested_iv = ProtoField.uint64("sapulse.nested.iv", "IV (n)"),
  nested_ciphertext = ProtoField.bytes("sapulse.nested.ciphertext", "Ciphertext"),
  nested_icv = ProtoField.bytes("sapulse.nested.icv", "ICV"),
  subtype = ProtoField.uint8("sapulse.echo.subtype", "Sub-type", base.DEC, subtype_names),
  echo_flags = ProtoField.uint8("sapulse.echo.flags", "Flags", base.HEX),
  flag_return = ProtoField.bool("sapulse.echo.flags.return", "Return SPI follows (R)", 8, nil, wire.echo_flag_return),
  data_length = ProtoField.uint16("sapulse.echo.data_length", "Data length"),
  identifier = ProtoField.uint16("sapulse.echo.identifier", "Identifier"),
  sequence = ProtoField.uint16("sapulse.echo.sequence", "Sequence"),
  return_spi = ProtoField.uint32("sapulse.echo.return_spi", "Return SPI", base.HEX),
  data = ProtoField.bytes("sapulse.echo.data", "Data"),
  telemetry_version = ProtoField.uint8("sapulse.telemetry.version", "Telemetry version"),
  telemetry_flags = ProtoField.uint8("sapulse.telemetry.flags", "Telemetry flags", base.HEX),
  times_valid = ProtoField.bool("sapulse.telemetry.flags.times", "Times valid", 8, nil, wire.telemetry_times_valid),
  data_sequence_valid = ProtoField.bool("sapulse.telemetry.flags.data_sequence", "Data sequence valid", 8, nil,
                                        wire.telemetry_data_sequence_valid),
  token_valid = ProtoField.bool("sapulse.telemetry.flags.token", "Token and token nonce valid", 8, nil, wire.telemetry_token_valid),
  origin = ProtoField.uint64("sapulse.telemetry.t_origin", "t_origin (ns)"),
  receive = ProtoField.uint64("sapulse.telemetry.t_receive", "t_receive (ns)"),
  transmit = ProtoField.uint64("sapulse.telemetry.t_transmit", "t_transmit (ns)"),
  data_sequence = ProtoField.uint32("sapulse.telemetry.data_sequence", "Highest customer sequence number, low half"),
  token = ProtoField.bytes("sapulse.telemetry.token", "Crash token"),
  telemetry_token_nonce = ProtoField.bytes("sapulse.telemetry.token_nonce", "Token nonce"),
  error_token = ProtoField.bytes("sapulse.error.token", "Crash token"),
  error_code = ProtoField.uint8("sapulse.error.code", "Code", base.DEC, error_names),
  error_transaction = ProtoField.uint32("sapulse.error.transaction", "Transaction", base.HEX),
  error_spi = ProtoField.uint32("sapulse.error.spi", "SPI of the offending packet", base.HEX),
  error_sequence = ProtoField.uint32("sapulse.error.sequence", "Sequence of the offending packet"),
  answer_in = ProtoField.framenum("sapulse.answer_in", "Answer in", base.NONE, frametype.RESPONSE),
  answer_to = ProtoField.framenum("sapulse.answer_to", "Answer to", base.NONE, frametype.REQUEST),
  response_time = ProtoField.relative_time("sapulse.response_time", "Response time"),
}
sapulse.fields = field

local expert_malformed = ProtoExpert.new("sapulse.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR)
local expert_unsupported = ProtoExpert.new("sapulse.unsupported", "Unsupported version or type", expert.group.UNDECODED,
                                           expert.severity.WARN)
local expert_cut = ProtoExpert.new("sapulse.cut", "Not captured as a whole", expert.group.UNDECODED, expert.severity.NOTE)
sapulse.experts = {expert_malformed, expert_unsupported, expert_cut}

-- Who dissected before us, and still dissects what is not ours.
local esp = Dissector.get("esp")
local udp_encapsulation = DissectorTable.get("udp.port"):get_dissector(wire.udp_port_ipsec)
local ah = Dissector.get("ah")
local next_header_144 = DissectorTable.get("ip.proto"):get_dissector(wire.trailer_next_header)

-- A frame that is malformed to another dissector is marked by it, and is no error of ours. Of a frame that was cut it gets what was
-- captured as if that were all: Wireshark jumps out through Lua where the rest is missing, and each jump costs some of Lua's stack.
local function hand_on(dissector, tvb, pinfo, root)
  if tvb:captured_len() == 0 then return 0 end
  local whole = tvb:captured_len() == tvb:reported_len() and tvb or tvb():tvb()
  local went_well, bytes = pcall(dissector.call, dissector, whole, pinfo, root)
  return went_well and bytes or tvb:len()
end

local function malformed(tree, text, ...)
  tree:add_proto_expert_info(expert_malformed, string.format("Malformed: " .. text, ...))
end

-- Whether a packet has so many bytes, and the capture has them too; says what is wrong if not.
local function has_bytes(tree, tvb, bytes, what)
  if tvb:reported_len() < bytes then
    malformed(tree, "%s ends at byte %d, the packet at %d", what, bytes, tvb:reported_len())
    return false
  end
  if tvb:captured_len() < bytes then
    tree:add_proto_expert_info(expert_cut)
    return false
  end
  return true
end

local function has_flag(byte, flag)
  return math.floor(byte / flag) % 2 == 1
end

-- Requests and answers ---------------------------------------------------------------------------------------------------------

local requests, request_of, answer_of  -- by key; by number of the answer's frame; by number of the request's frame

function sapulse.init()
  requests, request_of, answer_of = {}, {}, {}
end

local function note_request(message, key)
  local number = message.pinfo.number
  if not message.pinfo.visited then
    requests[tostring(message.pinfo.src) .. key] = {number = number, time = message.pinfo.rel_ts}
  end
  if answer_of[number] then
    message.tree:add(field.answer_in, answer_of[number]):set_generated()
  end
end

-- The responder may have moved: the requester's address alone belongs to the key.
local function note_answer(message, key)
  local number = message.pinfo.number
  if not message.pinfo.visited then
    local request = requests[tostring(message.pinfo.dst) .. key]
    request_of[number] = request
    if request then answer_of[request.number] = number end
  end
  local request = request_of[number]
  if not request then return end
  local elapsed = message.pinfo.rel_ts - request.time
  local whole = math.floor(elapsed)
  message.tree:add(field.answer_to, request.number):set_generated()
  message.tree:add(field.response_time, NSTime.new(whole, math.floor((elapsed - whole) * 1e9 + 0.5))):set_generated()
end

local function transaction_key(transaction)
  return string.format(" transaction %d", transaction)
end

-- Echo messages (sections 2 and 5) ---------------------------------------------------------------------------------------------

local function add_telemetry(tree, range)
  local flags = range(wire.telemetry_flags, 1)
  tree:add(field.telemetry_version, range(wire.telemetry_version, 1))
  local flags_tree = tree:add(field.telemetry_flags, flags)
  flags_tree:add(field.times_valid, flags)
  flags_tree:add(field.data_sequence_valid, flags)
  flags_tree:add(field.token_valid, flags)
  tree:add(field.origin, range(wire.telemetry_origin, 8))
  tree:add(field.receive, range(wire.telemetry_receive, 8))
  tree:add(field.transmit, range(wire.telemetry_transmit, 8))
  tree:add(field.data_sequence, range(wire.telemetry_data_sequence, 4))
  tree:add(field.token, range(wire.telemetry_token, wire.token_bytes))
  tree:add(field.telemetry_token_nonce, range(wire.telemetry_token_nonce, wire.token_nonce_bytes))
end

local function is_telemetry(data)
  return data:len() >= wire.telemetry_bytes and data(wire.telemetry_magic, 2):uint() == wire.telemetry_magic_value
end

-- Adds the header of an echo at `offset`; returns sub-type, whether R is set, and data length.
local function add_echo_header(tree, tvb, offset)
  local flags = tvb(offset + wire.echo_flags, 1)
  tree:add(field.subtype, tvb(offset + wire.echo_subtype, 1))
  tree:add(field.echo_flags, flags):add(field.flag_return, flags)
  tree:add(field.data_length, tvb(offset + wire.echo_data_length, 2))
  tree:add(field.identifier, tvb(offset + wire.echo_identifier, 2))
  tree:add(field.sequence, tvb(offset + wire.echo_sequence, 2))
  return tvb(offset + wire.echo_subtype, 1):uint(), has_flag(flags:uint(), wire.echo_flag_return),
    tvb(offset + wire.echo_data_length, 2):uint()
end

local function require_subtype(tree, found, expected)
  if found ~= expected then malformed(tree, "sub-type %d where %d belongs", found, expected) end
end

local function add_clear_echo(message, tvb, is_reply)
  local tree, at = message.tree, wire.esp_bytes
  message.info = is_reply and "Clear echo reply" or "Clear echo request"
  if not has_bytes(tree, tvb, at + wire.echo_bytes, "a clear echo") then return end
  local subtype, has_return, data_length = add_echo_header(tree, tvb, at)
  require_subtype(tree, subtype, is_reply and wire.subtype_reply or wire.subtype_request)
  if is_reply and has_return then return malformed(tree, "R in a reply") end
  local data = at + wire.echo_bytes + (has_return and wire.echo_return_spi_bytes or 0)
  if not has_bytes(tree, tvb, data + data_length, "a clear echo with its data") then return end
  if has_return then tree:add(field.return_spi, tvb(at + wire.echo_bytes, wire.echo_return_spi_bytes)) end
  if data_length > 0 then tree:add(field.data, tvb(data, data_length)) end
  local note = is_reply and note_answer or note_request
  note(message, " echo " .. tvb(at + wire.echo_identifier, 4):uint())
end

-- Bodies of nested ESP packets (sections 5 and 6) ------------------------------------------------------------------------------

local current  -- the message whose nested packet Wireshark's ESP dissector is looking at

local function add_protected_error(tree, tvb)
  local data = wire.echo_bytes
  tree:add(field.subtype, tvb(wire.echo_subtype, 1))
  tree:add(field.error_code, tvb(wire.echo_flags, 1))  -- an error has its code where an echo has its flags
  tree:add(field.data_length, tvb(wire.echo_data_length, 2))
  if tvb(wire.echo_data_length, 2):uint() ~= wire.protected_error_bytes or tvb:len() ~= data + wire.protected_error_bytes then
    return malformed(tree, "an error's body of %d bytes", tvb:len())
  end
  tree:add(field.error_transaction, tvb(data, 4))
  tree:add(field.error_spi, tvb(data + 4, 4))
  tree:add(field.error_sequence, tvb(data + 8, 4))
  note_answer(current, transaction_key(tvb(data, 4):uint()))
end

local function add_echo_body(tree, tvb)
  local _, has_return, data_length = add_echo_header(tree, tvb, 0)
  if has_return then malformed(tree, "R in an encrypted echo") end
  if data_length ~= tvb:len() - wire.echo_bytes then
    return malformed(tree, "a data length of %d in a body of %d bytes", data_length, tvb:len())
  end
  if data_length == 0 then return end
  local data = tvb(wire.echo_bytes)
  local data_tree = tree:add(field.data, data)
  if is_telemetry(data) then add_telemetry(data_tree, data) end
end

function body.dissector(tvb, pinfo, tree)
  if not current then
    return next_header_144 and hand_on(next_header_144, tvb, pinfo, tree) or 0
  end
  local body_tree = tree:add(body, tvb())
  if not has_bytes(body_tree, tvb, wire.echo_bytes, "a body") then return tvb:len() end
  local subtype = tvb(wire.echo_subtype, 1):uint()
  require_subtype(body_tree, subtype, subtype_of_type[current.type] or subtype)
  local add = subtype == wire.subtype_error and add_protected_error or add_echo_body
  add(body_tree, tvb)
  return tvb:len()
end

-- Control messages (sections 3, 4 and 6) ---------------------------------------------------------------------------------------

-- Internet checksum over the control header: 0 or 0xffff if it is good, since both are zero in one's complement.
local function checksum_is_good(tvb, at)
  local sum = 0
  for i = 0, wire.control_bytes - 2, 2 do sum = sum + tvb(at + i, 2):uint() end
  return sum % 0xffff == 0
end

local function add_control_header(tree, tvb, at)
  local flags = tvb(at + wire.control_flags, 1)
  tree:add(field.version, tvb(at + wire.control_version_words, 1))
  tree:add(field.header_length, tvb(at + wire.control_version_words, 1))
  tree:add(field.type, tvb(at + wire.control_type, 1))
  tree:add(field.code, tvb(at + wire.control_code, 1))
  local flags_tree = tree:add(field.flags, flags)
  flags_tree:add(field.flag_nested, flags)
  flags_tree:add(field.flag_no_answer, flags)
  tree:add(field.length, tvb(at + wire.control_length, 2))
  tree:add(field.checksum, tvb(at + wire.control_checksum, 2))
  tree:add(field.subject, tvb(at + wire.control_subject, 4))
  tree:add(field.transaction, tvb(at + wire.control_transaction, 4))
  tree:add(field.token_nonce, tvb(at + wire.control_token_nonce, wire.token_nonce_bytes))
end

local function check_nested(tree, tvb, subject)
  local length, sequence = tvb:len(), tvb(wire.nested_sequence, 4):uint()
  local n = tvb(wire.nested_iv, 8)
  if length % wire.nested_alignment ~= 0 then malformed(tree, "a nested packet of %d bytes", length) end
  if tvb(wire.nested_spi, 4):uint() ~= subject then malformed(tree, "nested SPI and subject SPI differ") end
  if n(4, 4):uint() ~= sequence then malformed(tree, "IV and sequence differ") end
  if n(0, 4):uint() == 0 and n(4, 4):uint() == 0 then malformed(tree, "a sequence number n of 0") end
end

local function add_nested(message, tvb)
  local tree = message.tree
  if not has_bytes(tree, tvb, wire.nested_min_bytes, "a nested ESP packet") then return end
  local ciphertext_bytes = tvb:len() - wire.nested_ciphertext - wire.icv_bytes
  tree:add(field.nested_spi, tvb(wire.nested_spi, wire.spi_bytes))
  tree:add(field.nested_sequence, tvb(wire.nested_sequence, 4))
  tree:add(field.nested_iv, tvb(wire.nested_iv, 8))
  tree:add(field.nested_ciphertext, tvb(wire.nested_ciphertext, ciphertext_bytes))
  tree:add(field.nested_icv, tvb(wire.nested_ciphertext + ciphertext_bytes, wire.icv_bytes))
  check_nested(tree, tvb, message.subject)
  current = message
  hand_on(esp, tvb, message.pinfo, message.root)
  current = nil
end

local function add_clear_error(message, tvb)
  local tree = message.tree
  if not has_bytes(tree, tvb, wire.error_bytes, "a clear error") then return end
  tree:add(field.error_token, tvb(0, wire.token_bytes))
  tree:add(field.error_spi, tvb(wire.token_bytes, 4))
  tree:add(field.error_sequence, tvb(wire.token_bytes + 4, 4))
end

local function match_by_header(message)
  local key = transaction_key(message.transaction)
  if message.type == wire.type_echo_request then
    note_request(message, key)
  elseif message.type == wire.type_echo_reply or message.type == wire.type_error_clear then
    note_answer(message, key)
  end
end

local function type_name(value)
  for _, entry in ipairs(type_names) do
    if value >= entry[1] and value <= entry[2] then return entry[3] end
  end
  return string.format("Type %d", value)
end

local function add_payload(message, tvb, at, length)
  local tree = message.tree
  local payload = length > 0 and tvb(at, length):tvb() or nil
  if message.type == wire.type_error_clear then
    if not payload then return malformed(tree, "a clear error without payload") end
    add_clear_error(message, payload)
  elseif message.nested then
    if not payload then return malformed(tree, "a nested ESP packet of 0 bytes") end
    add_nested(message, payload)
  elseif subtype_of_type[message.type] then
    malformed(tree, "no nested ESP packet")
  elseif payload then
    tree:add(field.payload, payload())
  end
end

-- Whether the message behind its header can be read: version, header length, length and checksum are right.
local function check_control_header(tree, tvb, at)
  local version_words, length = tvb(at, 1):uint(), tvb(at + wire.control_length, 2):uint()
  if math.floor(version_words / 16) ~= wire.control_version then
    tree:add_proto_expert_info(expert_unsupported)
    return false
  end
  if version_words % 16 ~= wire.control_header_words then
    malformed(tree, "a header of %d words", version_words % 16)
    return false
  end
  if not checksum_is_good(tvb, at) then malformed(tree, "the checksum is wrong") end
  if length < wire.control_bytes then
    malformed(tree, "a length of %d, shorter than the header", length)
    return false
  end
  return has_bytes(tree, tvb, at + length, "the message with its payload")
end

local function add_control(message, tvb, at)
  message.info = "Control message"
  if not has_bytes(message.tree, tvb, at + wire.control_bytes, "a control header") then return end
  add_control_header(message.tree, tvb, at)
  message.type = tvb(at + wire.control_type, 1):uint()
  message.nested = has_flag(tvb(at + wire.control_flags, 1):uint(), wire.control_flag_nested)
  message.subject = tvb(at + wire.control_subject, 4):uint()
  message.transaction = tvb(at + wire.control_transaction, 4):uint()
  message.info = string.format("%s, subject SPI 0x%08x, transaction 0x%08x", type_name(message.type), message.subject,
                               message.transaction)
  if not check_control_header(message.tree, tvb, at) then return end
  match_by_header(message)
  if not subtype_of_type[message.type] and message.type ~= wire.type_error_clear and message.type < wire.type_private_first then
    message.tree:add_proto_expert_info(expert_unsupported)
  end
  add_payload(message, tvb, at + wire.control_bytes, tvb(at + wire.control_length, 2):uint() - wire.control_bytes)
end

-- Encapsulations (section 1) ---------------------------------------------------------------------------------------------------

local function is_control(spi)
  return spi:uint() == sapulse.prefs.control_spi
end

local function is_clear_echo(spi)
  return spi:uint() == wire.spi_echo or spi:uint() == wire.spi_echo_reply
end

-- Whether an ESP packet is one of this protocol.
local function is_esp_of_ours(tvb)
  if tvb:captured_len() < wire.esp_bytes then return false end
  local spi = tvb(0, wire.spi_bytes)
  return is_control(spi) or is_clear_echo(spi)
end

-- Whether an AH packet is one of this protocol.
local function is_ah_of_ours(tvb)
  return tvb:captured_len() >= wire.ah_bytes_ipv4 and is_control(tvb(wire.ah_spi, wire.spi_bytes))
    and tvb(wire.ah_next_header, 1):uint() == wire.protocol_experiment
end

-- `add` takes the message; the columns come last, since the ESP dissector writes there what it thinks of the nested packet.
local function dissect_message(tvb, pinfo, root, spi, sequence, add)
  local message = {pinfo = pinfo, root = root, tree = root:add(sapulse, tvb())}
  message.tree:add(field.spi, spi)
  message.tree:add(field.outer_sequence, sequence)
  add(message)
  pinfo.cols.protocol:set("SAPULSE")
  pinfo.cols.info:set(message.info)
  return tvb:len()
end

function sapulse.dissector(tvb, pinfo, root)
  if not is_esp_of_ours(tvb) then return hand_on(esp, tvb, pinfo, root) end
  local spi = tvb(0, wire.spi_bytes)
  return dissect_message(tvb, pinfo, root, spi, tvb(wire.esp_sequence, 4), function(message)
    if is_control(spi) then
      add_control(message, tvb, wire.esp_bytes)
    else
      add_clear_echo(message, tvb, spi:uint() == wire.spi_echo_reply)
    end
  end)
end

-- A payload of 8 bytes or less is not ESP, whatever it looks like.
function over_udp.dissector(tvb, pinfo, root)
  if tvb:reported_len() > wire.esp_bytes and is_esp_of_ours(tvb) then return sapulse.dissector(tvb, pinfo, root) end
  return hand_on(udp_encapsulation, tvb, pinfo, root)
end

function over_ah.dissector(tvb, pinfo, root)
  if not is_ah_of_ours(tvb) then return hand_on(ah, tvb, pinfo, root) end
  local header_bytes = (tvb(wire.ah_payload_length, 1):uint() + 2) * 4  -- RFC 4302 section 2.2
  return dissect_message(tvb, pinfo, root, tvb(wire.ah_spi, wire.spi_bytes), tvb(wire.ah_sequence, 4), function(message)
    add_control(message, tvb, header_bytes)
  end)
end

DissectorTable.get("ip.proto"):add(wire.protocol_esp, sapulse)
DissectorTable.get("ip.proto"):add(wire.protocol_ah, over_ah)
DissectorTable.get("ip.proto"):add(wire.trailer_next_header, body)
DissectorTable.get("udp.port"):add(wire.udp_port_ipsec, over_udp)
