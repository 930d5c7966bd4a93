module y(output wire [7:0] a); assign a = sapulse_pkg::OPCODE_FRAME; endmodule
