# SPDX-License-Identifier: Apache-2.0
# The vendor commands that the stand-in knows: name, options without value, options with value, least and most positional arguments
# (-1: any number). From UG835 (Vivado Tcl Command Reference), UG1118 (IP packager), UG1393 (package_xo), UG1399 (Vitis HLS).

set vivado_commands {
    add_cells_to_pblock       {-quiet}                       {}                                            1 -1
    add_files                 {-norecurse -quiet}            {-fileset}                                    1 1
    boot_hw_device            {}                             {}                                            1 1
    close_project             {-delete -quiet}               {}                                            0 0
    connect_bd_intf_net       {}                             {-intf_net}                                   2 2
    connect_bd_net            {}                             {-net}                                        2 -1
    connect_hw_server         {}                             {-url}                                        0 0
    create_hw_bitstream       {}                             {-hw_device}                                  1 1
    create_hw_cfgmem          {}                             {-hw_device}                                  1 1
    create_ip                 {}                             {-vendor -library -name -version -module_name -dir} 0 0
    create_project            {-force -in_memory}            {-part}                                       1 2
    current_fileset           {}                             {}                                            0 0
    current_hw_device         {}                             {}                                            0 1
    disconnect_bd_net         {}                             {}                                            2 2
    generate_target           {-force}                       {}                                            2 2
    get_bd_intf_pins          {-quiet}                       {-of_objects -filter}                         0 1
    get_bd_intf_ports         {-quiet}                       {}                                            0 1
    get_bd_nets               {-quiet}                       {-of_objects}                                 0 1
    get_bd_pins               {-quiet}                       {-of_objects -filter}                         0 1
    get_bd_ports              {-quiet}                       {}                                            0 1
    get_cfgmem_parts          {}                             {}                                            1 1
    get_files                 {-quiet}                       {-of_objects}                                 0 1
    get_hw_devices            {-quiet}                       {-filter}                                     0 1
    get_ips                   {-quiet}                       {}                                            0 1
    get_property              {-quiet -min -max}             {}                                            2 2
    get_runs                  {}                             {}                                            1 1
    ipx::add_bus_interface    {}                             {}                                            2 2
    ipx::add_port_map         {}                             {}                                            2 2
    ipx::associate_bus_interfaces {}                         {-busif -clock}                               1 1
    ipx::create_xgui_files    {}                             {}                                            1 1
    ipx::current_core         {}                             {}                                            0 0
    ipx::package_project      {-import_files -force}         {-root_dir -vendor -library -taxonomy}        0 0
    ipx::save_core            {}                             {}                                            1 1
    ipx::update_checksums     {}                             {}                                            1 1
    launch_runs               {}                             {-jobs -to_step}                              1 -1
    open_hw_manager           {}                             {}                                            0 0
    open_hw_target            {}                             {}                                            0 1
    open_run                  {}                             {}                                            1 1
    package_xo                {-force}                       {-xo_path -kernel_name -ctrl_protocol -ip_directory -kernel_xml} 0 0
    program_hw_cfgmem         {}                             {-hw_cfgmem}                                  0 0
    program_hw_devices        {}                             {}                                            1 1
    refresh_hw_device         {}                             {-update_hw_probes}                           1 1
    report_cdc                {-details}                     {-file}                                       0 0
    report_timing_summary     {}                             {-file}                                       0 0
    report_utilization        {}                             {-file}                                       0 0
    set_property              {-quiet}                       {-dict}                                       1 3
    update_compile_order      {}                             {-fileset}                                    0 0
    version                   {-short}                       {}                                            0 0
    wait_on_runs              {}                             {}                                            1 -1
    write_cfgmem              {-force -checksum}             {-format -size -interface -loadbit -file}     0 0
}

# What a constraint file may use besides set, expr, list (UG903); get_property only in Tcl files.
set constraint_commands {
    add_cells_to_pblock       {-quiet}                       {}                                            1 -1
    create_clock              {-add}                         {-name -period -waveform}                     1 1
    create_pblock             {}                             {}                                            1 1
    current_design            {}                             {}                                            0 0
    get_cells                 {-quiet -hierarchical}         {-filter -of_objects}                         0 1
    get_clocks                {-quiet}                       {-of_objects}                                 0 1
    get_pblocks               {}                             {}                                            1 1
    get_pins                  {-quiet -hierarchical}         {-filter -of_objects}                         0 1
    get_ports                 {-quiet}                       {}                                            1 1
    get_property              {-min -max}                    {}                                            2 2
    resize_pblock             {}                             {-add}                                        1 1
    set_bus_skew              {}                             {-from -to}                                   1 1
    set_false_path            {}                             {-from -to -through}                          0 0
    set_input_delay           {}                             {-clock}                                      2 2
    set_max_delay             {-datapath_only}               {-from -to}                                   1 1
    set_operating_conditions  {}                             {-design_power_budget}                        0 0
    set_output_delay          {}                             {-clock}                                      2 2
    set_property              {-quiet}                       {-dict}                                       1 3
}

set hls_commands {
    add_files                 {}                             {-cflags}                                     1 1
    close_project             {}                             {}                                            0 0
    create_clock              {}                             {-period -name}                               0 0
    csynth_design             {}                             {}                                            0 0
    export_design             {}                             {-format}                                     0 0
    open_project              {-reset}                       {}                                            1 1
    open_solution             {-reset}                       {-flow_target}                                1 1
    set_part                  {}                             {}                                            1 1
    set_top                   {}                             {}                                            1 1
}
