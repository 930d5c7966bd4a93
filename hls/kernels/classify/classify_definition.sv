// SPDX-License-Identifier: Apache-2.0
// What a frame is, by docs/protocol.md sections 1 to 4, for the proof of classify: one header after the other, without a pipeline.
//
// bytes: the first 192 bytes of the frame, byte i in bits [8*i+7 : 8*i], zero behind its end; size: how many of these there are;
// whole: the frame ends within them. Where kind is not FRAME_SPI the rest of the record means nothing.
`default_nettype none

// Extension headers of IPv6 in front of what is looked for: hop-by-hop options first or not at all, destination options, 64 bytes
// in all. Options have to be whole and of types 0x00 to 0x3f, of which a receiver may skip what it does not know (RFC 8200 section
// 4.2); that of type 0 is one byte, all others have a length behind their type.
module extensions_definition (
    input  wire [511:0] area,      // 64 bytes behind the IPv6 header
    input  wire [7:0]   first,     // its next header
    output reg  [7:0]   protocol,  // behind the options
    output reg  [6:0]   size,      // of all options headers
    output wire         good
);
  wire [7:0] starts;            // a header starts at byte 8 u
  wire [8:0] ends;              // one ends there
  wire [7:0] too_long;          // it ends behind the area
  wire [64:0] begins;           // an option begins at byte i, or one has ended before it
  wire [63:0] unknown;          // it must not be skipped
  wire [63:0] inside;           // no header ends there
  genvar u, v, i, j;
  assign ends[0] = 1'b0;
  assign starts[0] = first == 8'd0 || first == 8'd60;
  generate
    for (v = 1; v <= 8; v = v + 1) begin : g_unit
      wire [v-1:0] ended, another;
      for (u = 0; u < v; u = u + 1) begin : g_header
        assign ended[u] = starts[u] && area[64*u+8+:8] == v - u - 1;
        assign another[u] = ended[u] && area[64*u+:8] == 8'd60;
      end
      assign ends[v] = |ended;
      if (v < 8) begin : g_next
        assign starts[v] = |another;
      end
    end
    for (u = 0; u < 8; u = u + 1) begin : g_length
      assign too_long[u] = starts[u] && area[64*u+8+:8] > 7 - u;
    end
    assign begins[1:0] = 2'b00;
    for (j = 2; j <= 64; j = j + 1) begin : g_option
      wire [j-1:0] from;
      for (i = 0; i < j; i = i + 1) begin : g_before
        if (i < 2) assign from[i] = 1'b0;
        else if (i == j - 1) assign from[i] = begins[i] && inside[i] && area[8*i+:8] == 8'd0;
        else assign from[i] = begins[i] && inside[i] && area[8*i+:8] != 8'd0 && area[8*i+8+:8] == j - i - 2;
      end
      if (j % 8 == 2) assign begins[j] = starts[j/8] || |from;
      else assign begins[j] = |from;
    end
    for (i = 0; i < 64; i = i + 1) begin : g_known
      assign unknown[i] = begins[i] && inside[i] && area[8*i+6+:2] != 2'd0;
      assign inside[i] = i % 8 != 0 || !ends[i/8];
    end
  endgenerate
  wire [8:0] missed;  // a header ends where no option does
  generate
    for (v = 0; v <= 8; v = v + 1) begin : g_end
      assign missed[v] = ends[v] && !begins[8*v];
    end
  endgenerate
  assign good = !(|too_long || |unknown || |missed);

  // The last header is the one that is not followed by another one.
  integer k;
  always @* begin
    protocol = first;
    size = 7'd0;
    for (k = 0; k < 8; k = k + 1) begin
      if (starts[k]) begin
        protocol = area[64*k+:8];
        size = 8 * (k + 1) + 8 * area[64*k+8+:3];
      end
    end
  end
endmodule

module record_definition (
    input  wire [1535:0] bytes,
    input  wire [7:0]    size,
    input  wire          whole,
    output wire [865:0]  record
);
  function automatic [15:0] big16(input [15:0] b);
    big16 = {b[7:0], b[15:8]};
  endfunction
  function automatic [31:0] big32(input [31:0] b);
    big32 = {big16(b[15:0]), big16(b[31:16])};
  endfunction
  function automatic [63:0] big64(input [63:0] b);
    big64 = {big32(b[31:0]), big32(b[63:32])};
  endfunction
  function automatic [127:0] big128(input [127:0] b);
    big128 = {big64(b[63:0]), big64(b[127:64])};
  endfunction
  // Whether the ones' complement sum of words is not all ones (RFC 1071), given their sum.
  function automatic wrong_sum(input [20:0] sum);
    reg [16:0] once;
    once = {1'b0, sum[15:0]} + {12'h0, sum[20:16]};
    wrong_sum = (once[15:0] + {15'h0, once[16]}) != 16'hffff;
  endfunction

  // ---- Ethernet
  function automatic is_tag(input [15:0] type_field);
    is_tag = type_field == 16'h8100 || type_field == 16'h88a8;
  endfunction
  wire [31:0] tag0 = big32(bytes[96+:32]), tag1 = big32(bytes[128+:32]);
  wire [1:0] tags = !is_tag(tag0[31:16]) ? 2'd0 : !is_tag(tag1[31:16]) ? 2'd1 : 2'd2;
  wire [4:0] ip_at = 5'd14 + {1'b0, tags, 2'h0};
  wire [1423:0] packet = tags == 2'd0 ? bytes[112+:1424] : tags == 2'd1 ? {32'h0, bytes[144+:1392]} : {64'h0, bytes[176+:1360]};
  wire [15:0] type_field = tags == 2'd0 ? tag0[31:16] : tags == 2'd1 ? tag1[31:16] : big16(bytes[160+:16]);

  // ---- IPv4
  wire [3:0] words = packet[3:0];
  wire good_v4 = type_field == 16'h0800 && packet[7:4] == 4'h4 && words >= 4'd5;
  wire v4_fragment = (big16(packet[48+:16]) & 16'h3fff) != 16'h0;
  reg [20:0] header_sum;
  integer i;
  always @* begin
    header_sum = 21'h0;
    for (i = 0; i < 30; i = i + 1) header_sum = header_sum + (i < 2 * words ? {5'h0, big16(packet[16*i+:16])} : 21'h0);
  end
  wire [31:0] v4_source = big32(packet[96+:32]);
  wire v4_unusable = v4_source[31:24] == 8'd0 || v4_source[31:24] == 8'd127 || v4_source[31:28] == 4'he
      || v4_source == 32'hffffffff;

  // ---- IPv6
  wire [7:0] v6_protocol;
  wire [6:0] v6_options;
  wire v6_good;
  extensions_definition u_extensions (
      .area(packet[320+:512]), .first(packet[48+:8]), .protocol(v6_protocol), .size(v6_options), .good(v6_good)
  );
  wire v6 = type_field == 16'h86dd, good_v6 = v6 && packet[7:4] == 4'h6 && v6_good;
  wire [127:0] v6_source = big128(packet[64+:128]), v6_destination = big128(packet[192+:128]);
  function automatic mapped(input [127:0] address);
    mapped = address[127:32] == 96'hffff;
  endfunction
  wire v6_unusable = v6_source == 128'h0 || v6_source == 128'h1 || v6_source[127:120] == 8'hff || mapped(v6_source);

  // ---- both
  wire [7:0] protocol = v6 ? v6_protocol : packet[72+:8];
  wire [7:0] header_bytes = v6 ? 8'd40 + {1'b0, v6_options} : {2'h0, words, 2'h0};
  wire [7:0] at = {3'h0, ip_at} + header_bytes;  // of what follows
  wire [16:0] ip_end = {12'h0, ip_at} + (v6 ? {1'b0, big16(packet[32+:16])} + 17'd40 : {1'b0, big16(packet[16+:16])});
  wire [1423:0] next = packet >> {header_bytes, 3'h0};

  // ---- UDP, AH, ESP
  wire udp = protocol == 8'd17, ah = protocol == 8'd51, esp = protocol == 8'd50;
  wire v6_fragment = protocol == 8'd44 && (big16(next[16+:16]) & 16'hfff9) != 16'h0;
  wire [15:0] udp_size = big16(next[32+:16]);
  wire [16:0] udp_end = {9'h0, at} + {1'b0, udp_size};
  wire udp_fits = udp_size >= 16'd8 && udp_end <= ip_end;
  wire [16:0] limit = udp && udp_fits ? udp_end : ip_end;
  // A payload of 8 bytes or less, or one that begins with the non-ESP marker, is no ESP.
  wire encapsulated = udp && next[64+:32] != 32'h0 && !(udp_fits && udp_size <= 16'd16);
  wire [7:0] spi_at = at + (udp ? 8'd8 : ah ? 8'd4 : 8'd0);
  wire [7:0] payload = at + (udp ? 8'd16 : ah ? (v6 ? 8'd16 : 8'd12) : 8'd8);
  wire [63:0] head = udp ? next[64+:64] : ah ? next[32+:64] : next[0+:64];
  wire found = (encapsulated || ah || esp) && {9'h0, spi_at} + 17'd4 <= limit && {1'b0, spi_at} + 9'd4 <= {1'b0, size};
  wire ah_wrong = ah && (next[0+:8] != 8'd253 || next[8+:8] != (v6 ? 8'd2 : 8'd1));

  // ---- control header, or that of a clear echo
  wire [319:0] control = udp || (ah && v6) ? next[128+:320] : ah ? next[96+:320] : next[64+:320];
  wire [18:0] room = {2'h0, limit} - {11'h0, payload};  // two's complement
  reg [20:0] control_sum;
  integer k;
  always @* begin
    control_sum = 21'h0;
    for (k = 0; k < 12; k = k + 1) control_sum = control_sum + {5'h0, big16(control[16*k+:16])};
  end
  wire [7:0] message = control[8+:8];
  wire [15:0] length = big16(control[32+:16]);
  wire [63:0] n = big64(control[256+:64]);
  wire [31:0] nested_sequence = big32(control[224+:32]);
  wire nested = message == 8'd1 || message == 8'd2 || message == 8'd4;

  // ---- what is wrong with it
  localparam [3:0] NONE = 0, IP_CHECKSUM = 1, IP_LENGTH = 2, ENCAPSULATION = 4, SHORT = 5, VERSION = 6, CHECKSUM = 7, LENGTH = 8,
      NESTED = 9, SEQUENCE = 10;
  wire [3:0] packet_wrong = !v6 && wrong_sum(header_sum) ? IP_CHECKSUM
      : (udp && !udp_fits) || (whole && ip_end > {9'h0, size}) ? IP_LENGTH
      : ah_wrong ? ENCAPSULATION
      : room[18] ? SHORT
      : NONE;
  wire [3:0] control_wrong = packet_wrong != NONE ? packet_wrong
      : room < 19'd24 ? SHORT
      : control[7:0] != 8'h16 ? VERSION
      : wrong_sum(control_sum) ? CHECKSUM
      : length < 16'd24 || {3'h0, length} > room || (message == 8'd3 && length < 16'd48) ? LENGTH
      : !nested ? NONE
      : !control[24] || length < 16'd60 || control[192+:32] != control[64+:32] ? NESTED
      : n == 64'h0 || nested_sequence != n[31:0] ? SEQUENCE
      : NONE;
  wire echo_return = control[15];
  wire [16:0] echo_length = {1'b0, big16(control[16+:16])} + 17'd8;
  wire echo_long = {2'h0, echo_length} + (echo_return ? 19'd4 : 19'd0) > room || echo_length > 17'd9216;
  wire without_checksum = udp && v6 && next[48+:16] == 16'h0;
  wire [3:0] echo_wrong = packet_wrong != NONE ? packet_wrong
      : room < 19'd8 ? SHORT
      : control[7:0] != 8'd2 || echo_long ? LENGTH
      : without_checksum ? CHECKSUM
      : NONE;
  wire [3:0] reply_wrong = packet_wrong != NONE ? packet_wrong
      : room < 19'd8 ? SHORT
      : control[7:0] != 8'd3 || echo_long ? LENGTH
      : without_checksum ? CHECKSUM
      : NONE;
  wire [1:0] kind = (good_v4 && v4_fragment) || (good_v6 && v6_fragment) ? 2'd1 : (good_v4 || good_v6) && found ? 2'd2 : 2'd0;

  assign record = {
      n, nested_sequence, control[25], control[128+:64], big32(control[96+:32]), big32(control[64+:32]), length, control[16+:8],
      message,
      ip_end, limit, payload, at + (udp ? 8'd8 : 8'd0), big32(head[32+:32]), big32(head[0+:32]),
      udp ? big16(next[16+:16]) : 16'h0, udp ? big16(next[0+:16]) : 16'h0, ah ? 2'd2 : udp ? 2'd1 : 2'd0,
      v6 ? v6_destination : {80'h0, 16'hffff, big32(packet[128+:32])},
      v6 ? v6_source : {80'h0, 16'hffff, v4_source},
      v6 ? {packet[3:0], packet[15:14]} : packet[15:10], v6,
      tags == 2'd2 ? tag1 : 32'h0, tags == 2'd0 ? 32'h0 : tag0, tags,
      big16(bytes[48+:16]), big32(bytes[64+:32]), big16(bytes[0+:16]), big32(bytes[16+:32]),
      echo_length[13:0], echo_return,
      bytes[48] || (v6 ? v6_unusable : v4_unusable), v6 && mapped(v6_destination), bytes[0],
      control_wrong, reply_wrong, echo_wrong, packet_wrong, kind
  };
endmodule

// One beat of a frame after those before it; index: how many, 3 if the record has been written. keep: ones from bit 0,
// at least one.
module classify_definition (
    input  wire [511:0] register_0,  // second beat
    input  wire [511:0] register_1,  // first beat
    input  wire [1:0]   register_2,  // index
    input  wire [577:0] stream_0_word,
    output wire [511:0] register_0_next,
    output wire [511:0] register_1_next,
    output wire [1:0]   register_2_next,
    output wire         stream_0_read,
    output wire         stream_1_write,
    output wire [865:0] stream_1_data
);
  wire [1:0] index = register_2;
  wire last = stream_0_word[576];
  reg [511:0] data;
  reg [6:0] count;
  integer i;
  always @* begin
    data = 512'h0;
    count = 7'd0;
    for (i = 0; i < 64; i = i + 1) begin
      if (stream_0_word[512+i]) begin
        data[8*i+:8] = stream_0_word[8*i+:8];
        count = i + 1;
      end
    end
  end
  wire [511:0] none = 512'h0;
  wire [1535:0] bytes = {
      index == 2'd2 ? data : none, index == 2'd0 ? none : index == 2'd1 ? data : register_0, index == 2'd0 ? data : register_1
  };
  record_definition u_record (.bytes, .size({index, 6'h0} + {1'b0, count}), .whole(last), .record(stream_1_data));
  assign stream_0_read = 1'b1;
  assign stream_1_write = index == 2'd2 || (index != 2'd3 && last);
  assign register_2_next = last ? 2'd0 : index == 2'd3 ? 2'd3 : index + 2'd1;
  assign register_1_next = index == 2'd0 ? data : register_1;
  assign register_0_next = index == 2'd1 ? data : register_0;
endmodule

`default_nettype wire
